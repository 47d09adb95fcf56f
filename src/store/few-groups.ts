import type { GroupReference } from '../directory/index.ts';

/** More groups than these do not come with the row of a user, nor do such with long names. */
export const FEW_OF_ONE = 200;
/** More than these fill a page of their own, however short their names are. */
export const FEW_OF_MANY = 6_000;

/** Of the groups that came with a user's row as `[id, label]`: in order of id. Undefined when they are not few. */
export function groupsWithRow(text: string): readonly GroupReference[] | undefined {
  if (text === '[]') return NO_GROUPS;
  const found = JSON.parse(text) as [string, string | null][];
  if (found.length > FEW_OF_ONE) return undefined;
  const groups: GroupReference[] = [];
  for (const [value, display] of found) {
    if (display === null) return undefined;
    groups.push({ value, display });
  }
  return groups.sort((one, other) => (one.value < other.value ? -1 : 1));
}

const NO_GROUPS: readonly GroupReference[] = [];

export type Pair = readonly [string, string];

/** From memberships (a member, its group), in order of the group's id, and the groups' labels. */
export function groupsByMember(
  memberships: readonly Pair[],
  labels: readonly Pair[],
): Map<string, readonly GroupReference[]> {
  const groups = new Map<string, GroupReference[]>();
  const displays = new Map(labels);
  for (const [member, value] of memberships) {
    const display = displays.get(value);
    if (display === undefined) continue;
    const known = groups.get(member);
    if (known === undefined) groups.set(member, [{ value, display }]);
    else known.push({ value, display });
  }
  return groups;
}
