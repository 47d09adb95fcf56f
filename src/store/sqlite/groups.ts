import type { GroupReference } from '../../directory/index.ts';
import { FEW_OF_MANY, groupsByMember, type Pair } from '../few-groups.ts';
import { shortLabel } from '../label.ts';
import { type Connection, rows } from './connection.ts';
import { pieceOf } from './label.ts';
import { limitTo } from './limit.ts';

/** CROSS JOIN keeps the order of the joins: the other way round SQLite reads the whole table (decision 7). */
export const FEW_MEMBERSHIPS_OF_MANY = `SELECT m.member_id, m.group_id FROM json_each(?1) wanted
  CROSS JOIN memberships m ON m.directory = ?2 AND m.member_id = wanted.value LIMIT ${FEW_OF_MANY + 1}`;
export const SHORT_LABELS_OF_MANY = `SELECT r.id, ${shortLabel('r')} FROM json_each(?1) wanted
  CROSS JOIN resources r ON r.directory = ?2 AND r.id = wanted.value`;

/** By user; the groups in order of id. Undefined when they are too many, or their names too long, to be held at once. */
export function fewGroupsOf(
  connection: Connection,
  directory: string,
  ids: readonly string[],
): ReadonlyMap<string, readonly GroupReference[]> | undefined {
  const memberships = rows(connection, FEW_MEMBERSHIPS_OF_MANY, JSON.stringify(ids), directory) as readonly Pair[];
  if (memberships.length === 0) return NOBODY_IN_GROUPS;
  if (memberships.length > FEW_OF_MANY) return undefined;
  const labels = rows(connection, SHORT_LABELS_OF_MANY, groupsIn(memberships), directory);
  return labels.every(([, label]) => label !== null)
    ? groupsByMember(memberships, labels as readonly Pair[])
    : undefined;
}

const NOBODY_IN_GROUPS: ReadonlyMap<string, readonly GroupReference[]> = new Map();

/** People of one page are mostly in the same groups: each is looked up once. */
function groupsIn(memberships: readonly Pair[]): string {
  return JSON.stringify([...new Set(memberships.map(([, group]) => group))]);
}

export const GROUPS_AFTER = `SELECT m.group_id, ${shortLabel('g')}
  FROM memberships m CROSS JOIN resources g ON g.directory = m.directory AND g.id = m.group_id
  WHERE m.directory = ? AND m.member_id = ? AND m.group_id > ? ORDER BY m.group_id ${limitTo()}`;

/** In order of id, after `after`. */
export function groupsAfter(
  connection: Connection,
  directory: string,
  { member, after, limit }: { member: string; after: string | undefined; limit: number },
): readonly GroupReference[] {
  const found = rows(connection, GROUPS_AFTER, directory, member, after ?? '', limit);
  const taken = pieceOf(connection, directory, found);
  return taken.map(({ row: [value], label }) => ({ value: value as string, display: label }));
}
