import type { Change } from '../change.ts';
import type { MemberDifference } from '../ports.ts';
import type { GroupStanding } from '../record.ts';

/** A row of history holds at most this many ids. */
const IDS_IN_A_CHANGE = 1000;

export function memberChanges(
  group: GroupStanding,
  { added, removed }: MemberDifference,
  { version, cause }: { version: number; cause?: number },
): readonly Change[] {
  const changes: Change[] = [];
  const one = { kind: 'members', group, version, ...(cause === undefined ? {} : { cause }) } as const;
  for (let from = 0; from < removed.length; from += IDS_IN_A_CHANGE) {
    changes.push({ ...one, added: [], removed: removed.slice(from, from + IDS_IN_A_CHANGE) });
  }
  for (let from = 0; from < added.length; from += IDS_IN_A_CHANGE) {
    changes.push({ ...one, added: added.slice(from, from + IDS_IN_A_CHANGE), removed: [] });
  }
  return changes;
}
