import { checkServer, SERVER, type Server } from './check.ts';
import type { Roles } from './prepare.ts';
import { type Preparing, Unprepared } from './prepare-session.ts';

/** @throws Unprepared when the server or the database is one that no server of ours would start on */
export async function checkDatabase({ asks }: Preparing): Promise<void> {
  try {
    for (const server of await asks<Server>(SERVER)) checkServer(server);
  } catch (error) {
    if (error instanceof Error && 'code' in error) throw error;
    throw new Unprepared((error as Error).message);
  }
}

/** @throws Unprepared when the role that asks may not do what a preparation does */
export async function checkAdministrator({ asks }: Preparing): Promise<void> {
  const [may] = await asks<{ name: string; database: string; roles: boolean; grants: boolean }>(
    `SELECT current_user::text AS name, current_database()::text AS database, rolsuper OR rolcreaterole AS roles,
       has_database_privilege(current_database(), 'CREATE WITH GRANT OPTION') AS grants
     FROM pg_roles WHERE rolname = current_user`,
  );
  if (may?.roles === false) {
    throw new Unprepared(
      `The role "${may.name}" may not create roles: run this as a superuser, or as a role that has CREATEROLE.`,
    );
  }
  if (may?.grants === false) {
    throw new Unprepared(
      `The role "${may.name}" may not let another one make schemas in the database "${may.database}": run this as the owner of the database, or as a superuser.`,
    );
  }
}

interface Found {
  readonly name: string;
  readonly mighty: boolean;
  readonly self: boolean;
}

/**
 * The roles of these names that are there already.
 *
 * @throws Unprepared when they, or the schemas, are somebody else's: a new password would lock them out
 */
export async function checkRoles({ asks }: Preparing, roles: Roles): Promise<ReadonlySet<string>> {
  const names = [roles.requests, roles.owner];
  const found = await asks<Found>(
    `SELECT rolname::text AS name, rolname = current_user AS self,
       rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication AS mighty
     FROM pg_roles WHERE rolname = ANY ($1)`,
    names,
  );
  const wrong = found.find(({ mighty, self }) => mighty || self);
  if (wrong !== undefined) {
    throw new Unprepared(
      `There is a role "${wrong.name}" already, which ${wrong.self ? 'is the one that you connect as' : 'may do more than one of ours does'}: take another name with --name.`,
    );
  }
  const [elsewhere] = await asks<{ role: string; database: string }>(
    `SELECT r.rolname::text AS role, d.datname::text AS database
     FROM pg_shdepend s
     JOIN pg_roles r ON r.oid = s.refobjid AND s.refclassid = 'pg_authid'::regclass
     JOIN pg_database d ON d.oid = CASE WHEN s.dbid <> 0 THEN s.dbid WHEN s.classid = 'pg_database'::regclass THEN s.objid END
     WHERE r.rolname = ANY ($1) AND d.datname <> current_database() LIMIT 1`,
    names,
  );
  if (elsewhere !== undefined) {
    throw new Unprepared(
      `The role "${elsewhere.role}" serves the database "${elsewhere.database}", and a new password would lock its servers out: take another name with --name.`,
    );
  }
  // Whoever is a member of the owner is taken for it by the policies, and whoever is one of a superuser may become one.
  const [member] = await asks<{ role: string; other: string }>(
    `SELECT r.rolname::text AS role, o.rolname::text AS other
     FROM pg_roles r JOIN pg_roles o ON o.oid <> r.oid AND pg_has_role(r.oid, o.oid, 'MEMBER')
     WHERE r.rolname = ANY ($1) AND (o.rolsuper OR o.rolbypassrls OR o.rolcreaterole OR o.rolname = $2) LIMIT 1`,
    names,
    roles.owner,
  );
  if (member !== undefined) {
    throw new Unprepared(
      `The role "${member.role}" is a member of "${member.other}", and would see what row-level security hides: REVOKE that, or take another name with --name.`,
    );
  }
  await checkSchemas({ asks }, roles);
  return new Set(found.map(({ name }) => name));
}

async function checkSchemas({ asks }: Pick<Preparing, 'asks'>, roles: Roles): Promise<void> {
  const [other] = await asks<{ schema: string; owner: string }>(
    `SELECT nspname::text AS schema, pg_get_userbyid(nspowner)::text AS owner FROM pg_namespace
     WHERE nspname IN ('joinery', 'joinery_operator') AND pg_get_userbyid(nspowner) <> $1
     ORDER BY nspname`,
    roles.owner,
  );
  if (other === undefined) return;
  throw new Unprepared(
    `The database has a schema "${other.schema}" already, which belongs to "${other.owner}" and not to "${roles.owner}": give the --name that it was prepared with, or another database.`,
  );
}
