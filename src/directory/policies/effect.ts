import type { JsonObject } from '../../scim/index.ts';
import type { Change } from '../change.ts';
import type { StoredRecord } from '../record.ts';

/** What a change set would take from people, and what it would use up: read from the changes themselves, so it is what happens. */
export interface Effect {
  /** Users who are active, and will not be. */
  readonly deprovisioned: readonly Deprovisioned[];
  /** How many active users there will be more (fewer: negative), and how many users. */
  readonly active: number;
  readonly total: number;
  /** Records that stay, with another name or other attributes. */
  readonly altered: readonly Altered[];
  /** Groups that a write takes members from; not those that their member leaves by being removed. */
  readonly left: readonly Left[];
}

export interface Deprovisioned {
  readonly record: StoredRecord;
  readonly work: 'deactivate' | 'remove';
}

export interface Altered {
  readonly record: StoredRecord;
  readonly active: boolean;
  /** The top-level attributes that differ. */
  readonly before: JsonObject;
  readonly after: JsonObject;
}

export interface Left {
  readonly group: string;
  readonly ids: readonly string[];
  /** Who joins it by the same write. */
  readonly joined: readonly string[];
  /** The group itself goes. */
  readonly removed: boolean;
}

export function effectOf(changes: readonly Change[]): Effect {
  const deprovisioned: Deprovisioned[] = [];
  const altered: Altered[] = [];
  const left = new Map<string, Leaving>();
  let active = 0;
  let total = 0;
  for (const change of changes) {
    if (change.kind === 'members') move(left, change, changes);
    if (change.kind === 'updated') {
      const isActive = change.after.resource.active !== false;
      altered.push({ record: change.before, active: isActive, ...change.difference });
      if (change.before.type !== 'User' || change.before.active === isActive) continue;
      active += isActive ? 1 : -1;
      if (!isActive) deprovisioned.push({ record: change.before, work: 'deactivate' });
    }
    if (change.kind === 'created' && change.after.type.name === 'User') {
      total += 1;
      if (change.after.resource.active !== false) active += 1;
    }
    if (change.kind === 'removed' && change.before.type === 'User') {
      total -= 1;
      if (!change.before.active) continue;
      active -= 1;
      deprovisioned.push({ record: change.before, work: 'remove' });
    }
  }
  return { deprovisioned, active, total, altered, left: [...left.values()].filter(({ ids }) => ids.length > 0) };
}

type Leaving = Left & { readonly ids: string[]; readonly joined: string[] };

function move(
  left: Map<string, Leaving>,
  { group, added, removed, cause }: Extract<Change, { kind: 'members' }>,
  changes: readonly Change[],
): void {
  const from = cause === undefined ? undefined : changes[cause];
  const gone = from?.kind === 'removed' ? from.before.id : undefined;
  // The member itself is removed, and counts as that.
  if (gone !== undefined && gone !== group.id) return;
  const known: Pick<Leaving, 'ids' | 'joined'> = left.get(group.id) ?? { ids: [], joined: [] };
  // A large set is a hundred changes of a thousand each.
  for (const id of removed) known.ids.push(id);
  for (const { value } of added) known.joined.push(value);
  left.set(group.id, { group: group.id, ids: known.ids, joined: known.joined, removed: gone === group.id });
}
