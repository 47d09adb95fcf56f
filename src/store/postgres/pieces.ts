import type { GroupReference, Member } from '../../directory/index.ts';
import { PIECE } from '../label.ts';
import type { Reading } from './reading.ts';

/** Names may be long: a piece ends before their weight is too much, and has one at least. */
const IN_A_PIECE = `piece.weight <= ${PIECE} OR piece.place = 1`;

/**
 * Memberships with the label of what they point to, in order of its id. The names are weighed as they are read, and the
 * weight is in the head of a long one. OFFSET 0 keeps the order of the joins, whatever old statistics say of the tables.
 */
function pieceOf({ columns, other, mine }: { columns: string; other: string; mine: string }): string {
  return `SELECT ${columns}, piece.label FROM
    (SELECT m.${other}, m.type, t.label, sum(octet_length(t.label)) OVER seen AS weight, row_number() OVER seen AS place
      FROM memberships m CROSS JOIN LATERAL
        (SELECT r.label FROM resources r WHERE r.directory = $1 AND r.id = m.${other} OFFSET 0) t
      WHERE m.directory = $1 AND m.${mine} = $2 AND m.${other} > $3
      WINDOW seen AS (ORDER BY m.${other} ROWS UNBOUNDED PRECEDING)
      ORDER BY m.${other} LIMIT $4) piece
    WHERE ${IN_A_PIECE} ORDER BY piece.${other}`;
}

export const GROUPS_AFTER = pieceOf({ columns: 'piece.group_id', other: 'group_id', mine: 'member_id' });
export const MEMBERS_AFTER = pieceOf({
  columns: 'piece.member_id, piece.type',
  other: 'member_id',
  mine: 'group_id',
});

/** In order of id, after `after`. */
export async function groupsAfter(
  { session, directory }: Reading,
  { member, after, limit }: { member: string; after: string | undefined; limit: number },
): Promise<readonly GroupReference[]> {
  const found = await session.rows(GROUPS_AFTER, directory, member, after ?? '', limit);
  return found.map(([value, label]) => ({ value: value as string, display: label as string }));
}

/** In order of id, after `after`. */
export async function membersAfter(
  { session, directory }: Reading,
  { group, after, limit }: { group: string; after: string | undefined; limit: number },
): Promise<readonly Member[]> {
  const found = await session.rows(MEMBERS_AFTER, directory, group, after ?? '', limit);
  return found.map(([value, type, label]) => ({
    value: value as string,
    type: type as string,
    display: label as string,
  }));
}
