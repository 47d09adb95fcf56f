import type { Prepared, Roles } from './postgres/prepare.ts';

/** What `prepareDatabase` made: two roles, as URLs with their new passwords, and the SQL that made them. */
export interface PreparedDatabase extends Prepared {
  readonly roles: Roles;
}

/**
 * Makes the roles `name` and `name_owner`, and their schemas, in the PostgreSQL database that the URL of an administrator
 * names.
 *
 * @throws Error with a sentence for the operator
 */
export async function prepareDatabase(adminUrl: string, name: string): Promise<PreparedDatabase> {
  // PostgreSQL's client is loaded by who uses it.
  const { prepareDatabase: prepare } = await import('./postgres/prepare.ts');
  const roles = { requests: name, owner: `${name}_owner` };
  return { ...(await prepare(adminUrl, roles)), roles };
}
