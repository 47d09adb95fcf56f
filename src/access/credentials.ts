import { randomUUID } from 'node:crypto';
import { type DirectoryRow, type Organization, type OrganizationStore, UniqueKeyTaken } from '../directory/index.ts';
import type { Credential, CredentialStore, PlacedCredential } from './ports.ts';
import { hashToken, mintToken } from './token.ts';

export type CredentialsStore = CredentialStore & OrganizationStore;

export interface NewCredential {
  /** The organization's slug. */
  readonly organization: string;
  /** Its name in `joinery.config.ts`; the only one when absent. */
  readonly application: string | undefined;
  readonly name: string;
  readonly scope: Credential['scope'];
  /** ISO 8601, or undefined for one that does not expire. */
  readonly expires: string | undefined;
}

export type CredentialMade =
  /** `token` is told this once: only its hash is kept. */
  | { readonly kind: 'made'; readonly token: string; readonly credential: CredentialShown }
  | { readonly kind: 'refused'; readonly detail: string };

/** Mints a token for one directory. `application` may be absent when there is only one. */
export async function createCredential(
  wanted: NewCredential,
  { store, applications }: { readonly store: CredentialsStore; readonly applications: readonly string[] },
): Promise<CredentialMade> {
  const [only] = applications;
  const application = wanted.application ?? (applications.length === 1 ? only : undefined);
  if (application === undefined || !applications.includes(application)) {
    return { kind: 'refused', detail: whichApplication(wanted.application, applications) };
  }
  const detail = wantedRefusal(wanted);
  if (detail !== undefined) return { kind: 'refused', detail };
  const organization = await store.organizationBySlug(wanted.organization);
  if (organization === undefined) return { kind: 'refused', detail: noOrganization(wanted.organization) };

  const directory = await directoryOf(organization, application, store);
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

function wantedRefusal({ name, expires }: NewCredential): string | undefined {
  if (name.trim() === '') return 'The token has no name.';
  if (name.length > 100) return 'The name of the token is longer than 100 characters.';
  if (/\p{Cc}|\p{Cs}/u.test(name)) return 'The name of the token holds a control character.';
  if (expires !== undefined && Date.parse(expires) <= Date.now())
    return `The token would be expired already: ${expires}.`;
  return undefined;
}

/** Applications declared after the organization was made have no directory yet. */
async function directoryOf(
  organization: Organization,
  application: string,
  store: OrganizationStore,
): Promise<DirectoryRow> {
  const found = await store.directory(organization.id, application);
  if (found !== undefined) return found;
  const directory = {
    id: randomUUID(),
    organization: organization.id,
    application,
    created: new Date().toISOString(),
  };
  try {
    await store.addDirectory(directory);
  } catch (error) {
    // Another process added it at the same moment: theirs is the one.
    const theirs = error instanceof UniqueKeyTaken ? await store.directory(organization.id, application) : undefined;
    if (theirs === undefined) throw error;
    return theirs;
  }
  return directory;
}

function shown(credential: PlacedCredential): CredentialShown {
  const { hash: _hash, directory: _directory, owner, ...rest } = credential;
  return { ...rest, organization: owner.slug };
}

function whichApplication(wanted: string | undefined, applications: readonly string[]): string {
  const known = `joinery.config.ts declares ${applications.join(', ')}`;
  return wanted === undefined
    ? `Say which application the token is for: ${known}.`
    : `There is no application ${JSON.stringify(wanted)}: ${known}.`;
}

function noOrganization(slug: string): string {
  return `There is no organization with the slug ${JSON.stringify(slug)}.`;
}
