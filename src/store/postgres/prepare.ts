import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { withLogin } from './login-url.ts';
import { passwordVerifier } from './password-verifier.ts';
import { checkAdministrator, checkDatabase, checkRoles } from './prepare-checks.ts';
import { type Preparing, preparing } from './prepare-session.ts';
import { REQUEST_TIMEOUTS, SESSION_SETTINGS } from './session-settings.ts';

export interface Prepared {
  /** For requests: sees the rows of one directory at a time. */
  readonly databaseUrl: string;
  /** For migrations, credentials, the sequencer and maintenance. */
  readonly ownerUrl: string;
  /** What was done, as SQL, passwords cut. */
  readonly statements: readonly string[];
}

/** The names of the two roles; they are the cluster's, which other databases share. */
export interface Roles {
  readonly requests: string;
  readonly owner: string;
}

/** What `search_path` is for each. */
export const REQUEST_SCHEMAS = 'joinery';
export const OWNER_SCHEMAS = 'joinery,joinery_operator';

/**
 * Makes the two roles and their schemas in the database that the URL names; its role must be allowed to create roles and to
 * grant CREATE on the database, and needs to be no superuser. Where a role is there already it gets a new password, and
 * everything else stays.
 *
 *     joinery        requests: reads and writes rows, of the directory that the connection is set to
 *     joinery_owner  owns the tables
 *
 * Neither is a superuser, nor may bypass row-level security: a superuser would see through it (decision 15).
 *
 * @throws Error with a sentence for the operator
 */
export async function prepareDatabase(url: string, roles: Roles): Promise<Prepared> {
  const statements: string[] = [];
  const requests = { role: roles.requests, password: newPassword() };
  const owner = { role: roles.owner, password: newPassword() };
  const urls = await preparing(url, statements, async (session) => {
    await checkDatabase(session);
    await checkAdministrator(session);
    const known = await checkRoles(session, roles);
    for (const { role, password } of [requests, owner]) await makeRole(session, { role, password, known });
    await setUp(session, roles);
    const { client } = session;
    return { databaseUrl: withLogin(url, client, requests), ownerUrl: withLogin(url, client, owner) };
  });
  try {
    // As the owner itself: who creates roles need not be allowed to act for them. It shows, too, that both get in.
    await preparing(urls.ownerUrl, statements, (session) => makeSchemas(session, roles));
    await preparing(urls.databaseUrl, statements, (session) => session.asks('SELECT'));
  } catch (error) {
    const { message } = error as Error;
    throw new Error(
      `${message} Both roles have new passwords by now, which nobody knows: mend that, and run this again.`,
    );
  }
  return { ...urls, statements };
}

interface Wanted {
  readonly role: string;
  readonly password: string;
  readonly known: ReadonlySet<string>;
}

async function makeRole({ does }: Preparing, { role, password, known }: Wanted): Promise<void> {
  // What a role may not do is named only when it is made: to name it again takes a superuser.
  const sql = known.has(role)
    ? `ALTER ROLE ${quoted(role)} LOGIN PASSWORD`
    : `CREATE ROLE ${quoted(role)} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION PASSWORD`;
  await does(`${sql} ${pg.escapeLiteral(passwordVerifier(password))}`, `${sql} '…'`);
}

async function setUp({ does, asks }: Preparing, roles: Roles): Promise<void> {
  const [found] = await asks<{ name: string }>('SELECT current_database()::text AS name');
  const database = quoted(found?.name ?? '');
  await does(`GRANT CONNECT, TEMPORARY ON DATABASE ${database} TO ${quoted(roles.requests)}, ${quoted(roles.owner)}`);
  await does(`GRANT CREATE ON DATABASE ${database} TO ${quoted(roles.owner)}`);
  // Our connections bring these along, but for those that a pooler in between opens for us.
  const settings = [
    [roles.requests, { search_path: REQUEST_SCHEMAS, ...SESSION_SETTINGS, ...REQUEST_TIMEOUTS }],
    [roles.owner, { search_path: OWNER_SCHEMAS, ...SESSION_SETTINGS }],
  ] as const;
  for (const [role, wanted] of settings) {
    for (const [name, value] of Object.entries(wanted)) {
      await does(`ALTER ROLE ${quoted(role)} IN DATABASE ${database} SET ${name} = ${value}`);
    }
  }
}

async function makeSchemas({ does }: Preparing, roles: Roles): Promise<void> {
  const requests = quoted(roles.requests);
  for (const schema of OWNER_SCHEMAS.split(',')) {
    await does(`CREATE SCHEMA IF NOT EXISTS ${schema}`);
    // Nobody has a right to it yet, unless the database gives one by default.
    await does(`REVOKE ALL ON SCHEMA ${schema} FROM PUBLIC`);
  }
  await does(`GRANT USAGE ON SCHEMA joinery TO ${requests}`);
  // The tables come with the migrations, also those of later versions. Those that are there may have come from a backup.
  for (const [rights, what] of RIGHTS) {
    await does(`ALTER DEFAULT PRIVILEGES IN SCHEMA joinery GRANT ${rights} ON ${what} TO ${requests}`);
    await does(`GRANT ${rights} ON ALL ${what} IN SCHEMA joinery TO ${requests}`);
  }
}

const RIGHTS = [
  ['SELECT, INSERT, UPDATE, DELETE', 'TABLES'],
  ['USAGE', 'SEQUENCES'],
] as const;

/** 192 bits, of letters, digits, `-` and `_`. */
function newPassword(): string {
  return randomBytes(24).toString('base64url');
}

function quoted(name: string): string {
  return pg.escapeIdentifier(name);
}
