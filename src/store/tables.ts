/** The tables that Kysely speaks to. What a request's path reads and writes is SQL text beside its use. */
export interface Tables {
  organizations: OrganizationTable;
  directories: DirectoryTable;
  credentials: CredentialTable;
}

export interface OrganizationTable {
  id: string;
  slug: string;
  name: string;
  created: string;
}

export interface DirectoryTable {
  id: string;
  organization: string;
  application: string;
  created: string;
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
