import type { RoleAsked } from '../../directory/index.ts';
import { fold } from '../../scim/index.ts';
import { ROLES } from '../columns.ts';
import { atOf } from './at.ts';
import { row } from './pool.ts';
import type { Reading } from './reading.ts';

/** OFFSET 0 keeps the order of the joins, whatever old statistics say of the tables. */
const ACTIVE = (id: string): string => `CROSS JOIN LATERAL (SELECT 1 FROM resources r
    WHERE r.directory = $1 AND r.id = ${id} AND r.active OFFSET 0) active`;

/** By an element of `roles`. While its values are being filled in, one that is not there yet has it for nobody. */
export const HOLDER = `SELECT 1 FROM keys k ${ACTIVE('k.subject')}
  WHERE k.directory = $1 AND k.type = 'User' AND k.attribute = $2 AND k.value_at = ${atOf('$3')} AND k.value = $3
    AND k.subject <> $4 LIMIT 1`;
/** As a member of a group: each is found by its name, and its members are looked at until one is active. */
export const MEMBER_OF = `SELECT 1 FROM unnest($2::text[]) named (key)
  CROSS JOIN LATERAL (SELECT g.id FROM resources g WHERE g.directory = $1 AND g.type = 'Group'
    AND g.name_key_at = ${atOf('named.key')} AND g.name_key = named.key OFFSET 0) g
  CROSS JOIN LATERAL (SELECT m.member_id FROM memberships m WHERE m.directory = $1 AND m.group_id = g.id
    AND m.type = 'User' AND m.member_id <> $3 OFFSET 0) m
  ${ACTIVE('m.member_id')} LIMIT 1`;

export async function anotherHasRole(
  { session, directory }: Reading,
  { role, groups, except }: RoleAsked,
): Promise<boolean> {
  const [holder, member] = await Promise.all([
    row(session, HOLDER, directory, ROLES, fold(role), except),
    groups.length === 0 ? undefined : row(session, MEMBER_OF, directory, groups, except),
  ]);
  return holder !== undefined || member !== undefined;
}
