import { randomUUID } from 'node:crypto';
import { lacking, type Organization, type OrganizationStore, type Requirements } from '../directory/index.ts';
import { findPlace, noOrganization, type PlaceWanted } from './place.ts';
import type { Credential, CredentialStore, PlacedCredential } from './ports.ts';
import { hashToken, mintToken } from './token.ts';

export type CredentialsStore = CredentialStore & OrganizationStore;

export interface NewCredential extends PlaceWanted {
  readonly name: string;
  readonly scope: Credential['scope'];
  /** ISO 8601, or undefined for one that does not expire. */
  readonly expires: string | undefined;
}

export type CredentialMade =
  /** `token` is told this once: only its hash is kept. */
  | { readonly kind: 'made'; readonly token: string; readonly credential: CredentialShown }
  | { readonly kind: 'refused'; readonly detail: string };

export interface CredentialMeans {
  readonly store: CredentialsStore;
  /** By name, in the order of `joinery.config.ts`, with what each asks of an organization. */
  readonly applications: ReadonlyMap<string, Requirements>;
}

/** Mints a token for one directory. `application` may be absent when there is only one. */
export async function createCredential(
  wanted: NewCredential,
  { store, applications }: CredentialMeans,
): Promise<CredentialMade> {
  const detail = wantedRefusal(wanted);
  if (detail !== undefined) return { kind: 'refused', detail };
  const place = await findPlace(wanted, { store, applications: [...applications.keys()] });
  if (place.kind === 'refused') return place;
  const { organization, directory } = place;
  const { application } = directory;
  const lack = lackRefusal(organization, application, applications.get(application) ?? {});
  if (lack !== undefined) return { kind: 'refused', detail: lack };

  const token = mintToken();
  const credential: Credential = {
    id: randomUUID(),
    directory: directory.id,
    name: wanted.name.trim(),
    hash: hashToken(token),
    scope: wanted.scope,
    created: new Date().toISOString(),
    expires: wanted.expires,
    revoked: undefined,
    lastUsed: undefined,
  };
  await store.insertCredential(credential);
  return { kind: 'made', token, credential: shown({ ...credential, application, owner: organization }) };
}

/** One credential as it may be shown: never its token, which nobody knows any more, and not its hash. */
export type CredentialShown = Omit<Credential, 'hash' | 'directory'> & {
  readonly application: string;
  /** The organization's slug. */
  readonly organization: string;
};

export type CredentialsListed =
  | { readonly kind: 'listed'; readonly credentials: readonly CredentialShown[] }
  | { readonly kind: 'refused'; readonly detail: string };

/** The credentials of one organization (its slug), or of all. */
export async function listCredentials(slug: string | undefined, store: CredentialsStore): Promise<CredentialsListed> {
  const organization = slug === undefined ? undefined : await store.organizationBySlug(slug);
  if (slug !== undefined && organization === undefined) return { kind: 'refused', detail: noOrganization(slug) };
  return { kind: 'listed', credentials: (await store.credentials(organization?.id)).map(shown) };
}

export type CredentialRevoked =
  | { readonly kind: 'revoked'; readonly credential: CredentialShown }
  | { readonly kind: 'refused'; readonly detail: string };

/** Ends a credential, named by its id. Servers that run refuse its token within five seconds. */
export async function revokeCredential(id: string, store: CredentialsStore): Promise<CredentialRevoked> {
  const found = await store.credentialById(id);
  if (found === undefined) return { kind: 'refused', detail: `There is no token with the id ${JSON.stringify(id)}.` };
  const at = new Date().toISOString();
  if (!(await store.revokeCredential(found.owner.id, id, at))) {
    return { kind: 'refused', detail: `The token "${found.name}" (${id}) was revoked before.` };
  }
  return { kind: 'revoked', credential: shown({ ...found, revoked: at }) };
}

/** A token that nobody could come in with would only be found to be one by the provider's administrator. */
function lackRefusal(organization: Organization, application: string, requires: Requirements): string | undefined {
  const { slug, plan } = organization;
  switch (lacking(organization, requires)) {
    case 'plan':
      return `${application} is for organizations on the plan ${(requires.plans ?? []).join(' or ')}, and ${slug} is ${plan === undefined ? 'on none' : `on ${plan}`}. When its plan has changed: organization set ${slug} --plan <plan>.`;
    case 'sso':
      return `${application} is for organizations whose people sign in by SSO, and ${slug} has not enabled it. When it has: organization set ${slug} --sso.`;
    default:
      return undefined;
  }
}

function wantedRefusal({ name, expires }: NewCredential): string | undefined {
  if (name.trim() === '') return 'The token has no name.';
  if (name.length > 100) return 'The name of the token is longer than 100 characters.';
  if (/\p{Cc}|\p{Cs}/u.test(name)) return 'The name of the token holds a control character.';
  if (expires !== undefined && Date.parse(expires) <= Date.now())
    return `The token would be expired already: ${expires}.`;
  return undefined;
}

function shown(credential: PlacedCredential): CredentialShown {
  const { hash: _hash, directory: _directory, owner, ...rest } = credential;
  return { ...rest, organization: owner.slug };
}
