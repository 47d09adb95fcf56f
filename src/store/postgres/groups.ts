import type { GroupReference } from '../../directory/index.ts';
import { FEW_OF_MANY, groupsByMember, type Pair } from '../few-groups.ts';
import { shortLabel } from '../label.ts';
import type { Reading } from './reading.ts';

/** OFFSET 0 keeps the order of the joins, whatever old statistics say of the tables. */
const HELD = `SELECT m.member_id, m.group_id FROM unnest($2::text[]) wanted (id) CROSS JOIN LATERAL
  (SELECT m.member_id, m.group_id FROM memberships m WHERE m.directory = $1 AND m.member_id = wanted.id OFFSET 0) m
  LIMIT ${FEW_OF_MANY + 1}`;

/** The memberships as (member, group, null), and each of their groups, once, as (null, group, its label). */
export const FEW_GROUPS_OF_MANY = `WITH held AS MATERIALIZED (${HELD}),
  few AS MATERIALIZED (SELECT DISTINCT group_id FROM held WHERE (SELECT count(*) FROM held) <= ${FEW_OF_MANY})
  SELECT member_id, group_id, NULL FROM held
  UNION ALL
  SELECT NULL, few.group_id, g.label FROM few CROSS JOIN LATERAL
    (SELECT ${shortLabel('g')} AS label FROM resources g WHERE g.directory = $1 AND g.id = few.group_id OFFSET 0) g`;

/** By user; the groups in order of id. Undefined when they are too many, or their names too long, to be held at once. */
export async function fewGroupsOf(
  { session, directory }: Reading,
  ids: readonly string[],
): Promise<ReadonlyMap<string, readonly GroupReference[]> | undefined> {
  const memberships: Pair[] = [];
  const labels: Pair[] = [];
  for (const [member, group, label] of await session.rows(FEW_GROUPS_OF_MANY, directory, ids)) {
    if (member !== null) memberships.push([member as string, group as string]);
    else if (label === null) return undefined;
    else labels.push([group as string, label as string]);
  }
  if (memberships.length > FEW_OF_MANY) return undefined;
  memberships.sort(([, one], [, other]) => (one < other ? -1 : 1));
  return groupsByMember(memberships, labels);
}
