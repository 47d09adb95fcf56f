/** The tables that Kysely speaks to. What a request's path reads and writes is SQL text beside its use. */
export interface Tables {
  organizations: OrganizationTable;
  directories: DirectoryTable;
  credentials: CredentialTable;
  /** As far as an operator looks for one in all directories. */
  holds: { id: string; directory: string };
}

export interface OrganizationTable {
  id: string;
  slug: string;
  name: string;
  created: string;
  plan: string | null;
  /** Written as 1 and 0; PostgreSQL reads them as a boolean, and answers with one. */
  sso: number | boolean;
}

export interface DirectoryTable {
  id: string;
  organization: string;
  application: string;
  created: string;
  policy: string | null;
}

export interface CredentialTable {
  id: string;
  directory: string;
  name: string;
  hash: string;
  scope: 'provision' | 'read';
  created: string;
  expires: string | null;
  revoked: string | null;
  last_used: string | null;
}
