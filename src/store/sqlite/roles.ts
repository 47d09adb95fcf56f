import type { RoleAsked } from '../../directory/index.ts';
import { fold } from '../../scim/index.ts';
import { ROLES } from '../columns.ts';
import { type Connection, row } from './connection.ts';

export const ANOTHER_BY_VALUE = `SELECT 1 FROM keys k
  CROSS JOIN resources r INDEXED BY resources_id ON r.directory = k.directory AND r.id = k.subject
  WHERE k.directory = ?1 AND k.type = 'User' AND k.attribute = ?2 AND k.value = ?3 AND k.subject <> ?4
  AND r.active = 1 LIMIT 1`;
export const ANOTHER_BY_GROUP = `SELECT 1 FROM json_each(?2) wanted
  CROSS JOIN resources g INDEXED BY resources_name
    ON g.directory = ?1 AND g.type = 'Group' AND g.name_key = wanted.value
  CROSS JOIN memberships m ON m.directory = g.directory AND m.group_id = g.id
  CROSS JOIN resources r INDEXED BY resources_id ON r.directory = m.directory AND r.id = m.member_id
  WHERE m.member_id <> ?3 AND m.type = 'User' AND r.active = 1 LIMIT 1`;

/** While the values of `roles` are being filled in, one of those not yet there has it for nobody. */
export function anotherHasRole(
  connection: Connection,
  directory: string,
  { role, groups, except }: RoleAsked,
): boolean {
  return (
    row(connection, ANOTHER_BY_VALUE, directory, ROLES, fold(role), except) !== undefined ||
    (groups.length > 0 && row(connection, ANOTHER_BY_GROUP, directory, JSON.stringify(groups), except) !== undefined)
  );
}
