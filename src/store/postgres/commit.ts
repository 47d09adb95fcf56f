import type { Change, ChangeSet } from '../../directory/index.ts';
import { writeHistory } from './history.ts';
import { editMembers, leaveGroups, removeDangling } from './memberships.ts';
import { sendOneChange } from './one-change.ts';
import { setPassword } from './passwords.ts';
import { dropKeys } from './record-keys.ts';
import { type Gone, insertRecords, removeRecord, setOwned, updateRecord } from './records.ts';
import type { Writing } from './writing.ts';

/**
 * Stores a change set inside the transaction that is open: the records with what they are found by, the memberships, and
 * a row of history for each change. Nothing is counted: the sequencer does that when it numbers the history (decision 14).
 *
 * A short set is sent, and nothing of it waited for; of a long one a thousand rows are in memory, and on their way, at once.
 */
export async function commit(writing: Writing, set: ChangeSet): Promise<void> {
  if (sendOneChange(writing, set)) return;
  let gone: Gone[] = [];
  for (const part of partsOf(set.changes)) {
    switch (part.kind) {
      case 'created':
        insertRecords(
          writing,
          part.changes.map(({ after }) => after),
        );
        break;
      case 'updated':
        updateRecord(writing, part.change);
        break;
      case 'removed':
        gone.push(removeRecord(writing, part.change));
        if (gone.length < GONE_AT_ONCE) break;
        await dropKeys(writing, gone);
        gone = [];
        break;
      case 'owner':
        setOwned(writing, part.change);
        break;
      case 'password':
        setPassword(writing, { change: part.change, at: set.at });
        break;
      case 'members':
        editMembers(writing, { change: part.change, at: set.at });
        break;
      case 'left':
        leaveGroups(writing, { ...part, at: set.at });
    }
    await writing.sent.room();
  }
  await removeDangling(writing, set);
  await writeHistory(writing, set);
  // What they were found by is known once they are gone: it is asked for last, when all else is on its way.
  await dropKeys(writing, gone);
}

const GONE_AT_ONCE = 100;

type Kind<K extends Change['kind']> = Extract<Change, { kind: K }>;

/** Changes that one statement makes. */
type Part =
  | { readonly kind: 'created'; readonly changes: readonly Kind<'created'>[] }
  | { readonly kind: 'updated'; readonly change: Kind<'updated'> }
  | { readonly kind: 'removed'; readonly change: Kind<'removed'> }
  | { readonly kind: 'owner'; readonly change: Kind<'owner'> }
  | { readonly kind: 'password'; readonly change: Kind<'password'> }
  | { readonly kind: 'members'; readonly change: Kind<'members'> }
  /** One member leaves many groups. */
  | { readonly kind: 'left'; readonly member: string; readonly changes: readonly Kind<'members'>[] };

const RECORDS_IN_A_PART = 100;
/** Characters: of records that are large, fewer. */
const WEIGHT_OF_A_PART = 1_048_576;
const GROUPS_IN_A_PART = 1000;

/** In the order of the changes: each may need that those before it were made. */
function* partsOf(changes: readonly Change[]): Generator<Part> {
  for (let from = 0; from < changes.length; ) {
    const part = partAt(changes, from);
    yield part;
    from += 'changes' in part ? part.changes.length : 1;
  }
}

function partAt(changes: readonly Change[], from: number): Part {
  const change = changes[from] as Change;
  if (change.kind === 'created') return { kind: 'created', changes: createdFrom(changes, from) };
  if (change.kind !== 'members') return { kind: change.kind, change } as Part;
  const member = leaverOf(change);
  if (member === undefined) return { kind: 'members', change };
  return { kind: 'left', member, changes: leftFrom(changes, from, member) };
}

function createdFrom(changes: readonly Change[], from: number): readonly Kind<'created'>[] {
  const created: Kind<'created'>[] = [];
  let weight = 0;
  for (let at = from; created.length < RECORDS_IN_A_PART && weight < WEIGHT_OF_A_PART; at += 1) {
    const change = changes[at];
    if (change?.kind !== 'created') break;
    created.push(change);
    weight += change.after.text.length;
  }
  return created;
}

function leftFrom(changes: readonly Change[], from: number, member: string): readonly Kind<'members'>[] {
  const left: Kind<'members'>[] = [];
  const groups = new Set<string>();
  for (let at = from; left.length < GROUPS_IN_A_PART; at += 1) {
    const change = changes[at];
    if (change?.kind !== 'members' || leaverOf(change) !== member || groups.has(change.group.id)) break;
    left.push(change);
    groups.add(change.group.id);
  }
  return left;
}

function leaverOf({ added, removed }: Kind<'members'>): string | undefined {
  return added.length === 0 && removed.length === 1 ? removed[0] : undefined;
}
