/** What `access` needs remembered of credentials. Only the hash of a token is ever kept. */
export interface CredentialStore {
  insertCredential(credential: Credential): Promise<void>;
  credentialByHash(hash: string): Promise<Credential | undefined>;
  /** Of one organization, or of all: by slug, oldest first. */
  credentials(organization?: string): Promise<readonly PlacedCredential[]>;
  credentialById(id: string): Promise<PlacedCredential | undefined>;
  /** False when there is no such credential in that organization, or it was revoked before. */
  revokeCredential(organization: string, id: string, at: string): Promise<boolean>;
  /** Best effort, throttled by the caller; never on the path of a reply. */
  touchCredential(id: string, at: string): Promise<void>;
  /**
   * Moves whenever any process may have changed credentials (SQLite: `PRAGMA data_version` and our own writes), so that
   * a cache made under another number is thrown away. What other processes did is looked at once a turn of the event loop.
   * Undefined when the store cannot tell.
   */
  credentialEpoch(): number | undefined;
}

/** Keys of 256 bits that all processes of this instance share, made when they are first asked for. */
export interface SecretStore {
  secret(name: 'cursor'): Promise<Uint8Array>;
}

/** A credential with what it is for, as who operates the instance sees it. */
export interface PlacedCredential extends Credential {
  readonly application: string;
  readonly owner: { readonly id: string; readonly slug: string };
}

export interface Credential {
  readonly id: string;
  readonly directory: string;
  /** As its administrator named it: `Okta production`. */
  readonly name: string;
  /** SHA-256 of the token, base64url. */
  readonly hash: string;
  /** `provision` reads and writes, `read` only reads. */
  readonly scope: 'provision' | 'read';
  readonly created: string;
  readonly expires: string | undefined;
  readonly revoked: string | undefined;
  readonly lastUsed: string | undefined;
}
