import { randomUUID } from 'node:crypto';
import { type Organization, type OrganizationStore, UniqueKeyTaken } from '../directory/index.ts';
import { noOrganization } from './place.ts';

export interface NewOrganization {
  readonly name: string;
  /** Made from the name when absent: `Acme Ltd.` → `acme-ltd`. */
  readonly slug?: string | undefined;
  readonly plan?: string | undefined;
  readonly sso?: boolean | undefined;
}

export interface OrganizationMeans {
  readonly store: OrganizationStore;
  readonly applications: readonly string[];
  /** Slugs that would be a host name of something else. */
  readonly taken?: ReadonlySet<string>;
}

export type OrganizationMade =
  | { readonly kind: 'made'; readonly organization: Organization }
  | { readonly kind: 'refused'; readonly detail: string };

/** Makes an organization, and its directory in each application. */
export async function createOrganization(
  wanted: NewOrganization,
  { store, applications, taken }: OrganizationMeans,
): Promise<OrganizationMade> {
  const name = wanted.name.trim();
  const slug = wanted.slug ?? slugFrom(name);
  const { plan, sso } = wanted;
  const detail = nameRefusal(name) ?? slugRefusal(slug, taken) ?? planRefusal(plan);
  if (detail !== undefined) return { kind: 'refused', detail };

  const created = new Date().toISOString();
  const organization: Organization = {
    id: randomUUID(),
    slug,
    name,
    created,
    ...(plan === undefined ? {} : { plan }),
    ...(sso ? { sso } : {}),
  };
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

export interface OrganizationAltered {
  /** null: it is on no plan. Undefined stays as it is. */
  readonly plan?: string | null | undefined;
  readonly sso?: boolean | undefined;
}

/** What a customer has bought and switched on. Servers that run follow within five seconds. */
export async function alterOrganization(
  slug: string,
  { plan, sso }: OrganizationAltered,
  store: OrganizationStore,
): Promise<OrganizationMade> {
  const detail = planRefusal(plan ?? undefined);
  if (detail !== undefined) return { kind: 'refused', detail };
  const found = await store.organizationBySlug(slug);
  if (found === undefined) return { kind: 'refused', detail: noOrganization(slug) };
  await store.alterOrganization(found.id, {
    ...(plan === undefined ? {} : { plan }),
    ...(sso === undefined ? {} : { sso }),
  });
  const organization = await store.organizationBySlug(slug);
  return { kind: 'made', organization: organization ?? found };
}

/** As `requires.plans` of an application may name it. */
const PLAN = /^[a-z0-9](?:[a-z0-9._-]{0,61}[a-z0-9])?$/;

function planRefusal(plan: string | undefined): string | undefined {
  if (plan === undefined || PLAN.test(plan)) return undefined;
  return `${JSON.stringify(plan)} is no plan: expected lower-case letters a to z, digits, "-", "_" and ".", at most 63, like "enterprise".`;
}

/** Lower-case letters, digits and single hyphens between them; never `_`, which Okta refuses in base URLs. */
const SLUG = /^[a-z0-9](?:-?[a-z0-9])*$/;
export const LONGEST_SLUG = 63;

/** Words that stand, or may come to stand, where a slug does in a URL or a host name. */
const RESERVED: ReadonlySet<string> = new Set(
  `admin api assets auth dashboard docs health healthz help joinery login logout metrics oauth operator public readyz
   saml scim static status support system well-known www`.split(/\s+/),
);

function slugRefusal(slug: string, taken: ReadonlySet<string> | undefined): string | undefined {
  // The length first: the pattern then never sees a long text.
  if (slug.length > LONGEST_SLUG) return `The slug is longer than ${LONGEST_SLUG} characters.`;
  if (!SLUG.test(slug)) {
    return `${JSON.stringify(slug)} is no slug: expected lower-case letters a to z, digits, and single hyphens between them, like "acme".`;
  }
  if (taken?.has(slug)) return `The slug "${slug}" is part of a host name in joinery.config.ts; choose another.`;
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
