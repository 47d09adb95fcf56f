import { randomUUID } from 'node:crypto';
import { type Organization, type OrganizationStore, UniqueKeyTaken } from '../directory/index.ts';

export interface NewOrganization {
  readonly name: string;
  /** Made from the name when absent: `Acme Ltd.` → `acme-ltd`. */
  readonly slug?: string | undefined;
}

export type OrganizationMade =
  | { readonly kind: 'made'; readonly organization: Organization }
  | { readonly kind: 'refused'; readonly detail: string };

/** Makes an organization, and its directory in each application. */
export async function createOrganization(
  wanted: NewOrganization,
  applications: readonly string[],
  store: OrganizationStore,
): Promise<OrganizationMade> {
  const name = wanted.name.trim();
  const slug = wanted.slug ?? slugFrom(name);
  const detail = nameRefusal(name) ?? slugRefusal(slug);
  if (detail !== undefined) return { kind: 'refused', detail };

  const created = new Date().toISOString();
  const organization = { id: randomUUID(), slug, name, created };
  const directories = applications.map((application) => ({
    id: randomUUID(),
    organization: organization.id,
    application,
    created,
  }));
  try {
    await store.createOrganization(organization, directories);
  } catch (error) {
    if (!(error instanceof UniqueKeyTaken)) throw error;
    return { kind: 'refused', detail: `There is an organization with the slug "${slug}" already.` };
  }
  return { kind: 'made', organization };
}

/** Lower-case letters, digits and single hyphens between them; never `_`, which Okta refuses in base URLs. */
const SLUG = /^[a-z0-9](?:-?[a-z0-9])*$/;
export const LONGEST_SLUG = 63;

/** Words that stand, or may come to stand, where a slug does in a URL or a host name. */
const RESERVED: ReadonlySet<string> = new Set(
  `admin api assets auth dashboard docs health healthz help joinery login logout metrics oauth operator public readyz
   saml scim static status support system well-known www`.split(/\s+/),
);

function slugRefusal(slug: string): string | undefined {
  // The length first: the pattern then never sees a long text.
  if (slug.length > LONGEST_SLUG) return `The slug is longer than ${LONGEST_SLUG} characters.`;
  if (!SLUG.test(slug)) {
    return `${JSON.stringify(slug)} is no slug: expected lower-case letters a to z, digits, and single hyphens between them, like "acme".`;
  }
  if (RESERVED.has(slug)) return `The slug "${slug}" is reserved; choose another.`;
  return undefined;
}

function nameRefusal(name: string): string | undefined {
  if (name === '') return 'The organization has no name.';
  if (name.length > 200) return 'The name of the organization is longer than 200 characters.';
  if (/\p{Cc}|\p{Cs}/u.test(name)) return 'The name of the organization holds a control character.';
  return undefined;
}

function slugFrom(name: string): string {
  return name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, LONGEST_SLUG)
    .replace(/-$/, '');
}
