import type { Change } from '../change.ts';
import { memberChanges } from '../decide/members.ts';
import { notBefore } from '../decide/verdict.ts';
import { inSlices } from '../in-slices.ts';
import { nameOf } from '../name-of.ts';
import { parse } from '../propose.ts';
import { netInSteps, netOf } from './net.ts';
import type { Slice, SliceDone } from './slice.ts';
import { Tally } from './tally.ts';
import type { Work } from './work.ts';

/** Some memberships of one group. */
export interface MembersPiece {
  readonly group: string;
  readonly add: readonly string[];
  readonly remove: readonly string[];
  /** With it the group is done. */
  readonly isLast: boolean;
}

/** Memberships in a slice, and groups: each group gets another version. */
const EDITS_IN_A_SLICE = 1000;
const GROUPS_IN_A_SLICE = 100;
/** More changes of one group take longer than others should wait: each may name a thousand members. */
const FEW_ROWS = 5;

interface Members {
  /** Who is back, or was never away, and was a member. */
  readonly back: ReadonlyMap<string, ReadonlySet<string>>;
  /** Of whom alone memberships are taken back; undefined: of everyone, and of this id when it is a group. */
  readonly of: string | undefined;
  /** Groups that were not there before. */
  readonly news: ReadonlySet<string>;
}

/** In slices. A group is in each at most once. */
export async function* membersPieces(
  groups: ReadonlyMap<string, Work>,
  { back, of, news }: Members,
): AsyncGenerator<readonly MembersPiece[]> {
  let slice: MembersPiece[] = [];
  let edits = 0;
  for (const group of new Set([...groups.keys(), ...back.keys()])) {
    // Nobody was a member of what was not there.
    if (news.has(group)) continue;
    const rows = groups.get(group)?.rows ?? [];
    const member = group === of ? undefined : of;
    const { members } = rows.length > FEW_ROWS ? await inSlices(netInSteps(rows, member)) : netOf(rows, member);
    // Where the group's own changes say whether it was a member before, they say it better.
    const add = [...(back.get(group) ?? [])].filter((id) => !members.has(id));
    const remove: string[] = [];
    for (const [id, { was, is }] of members) {
      if (was === is) continue;
      if (was) add.push(id);
      else remove.push(id);
    }
    for (const piece of inPieces(group, { add, remove })) {
      const size = piece.add.length + piece.remove.length;
      if (edits + size > EDITS_IN_A_SLICE || slice.length >= GROUPS_IN_A_SLICE || !fits(slice, piece)) {
        yield slice;
        slice = [];
        edits = 0;
      }
      slice.push(piece);
      edits += size;
    }
  }
  if (slice.length > 0) yield slice;
}

function fits(slice: readonly MembersPiece[], { group }: MembersPiece): boolean {
  return slice.at(-1)?.group !== group;
}

function* inPieces(
  group: string,
  { add, remove }: { add: readonly string[]; remove: readonly string[] },
): Generator<MembersPiece> {
  const all = add.length + remove.length;
  for (let from = 0; from === 0 || from < all; from += EDITS_IN_A_SLICE) {
    const to = from + EDITS_IN_A_SLICE;
    yield {
      group,
      add: add.slice(from, to),
      remove: remove.slice(Math.max(0, from - add.length), Math.max(0, to - add.length)),
      isLast: to >= all,
    };
  }
}

/** Takes back memberships. What was asked of a group that is not there is told with its removal, or as one conflict. */
export async function undoMembers(slice: Slice, pieces: readonly MembersPiece[]): Promise<SliceDone> {
  const { view, now } = slice;
  const tally = new Tally();
  const changes: Change[] = [];
  let at = now;
  // In one order, so that two who wait for the same groups do not wait for one another.
  for (const piece of [...pieces].sort((a, b) => (a.group < b.group ? -1 : 1))) {
    const { group: id, add, remove } = piece;
    if (add.length + remove.length === 0) continue;
    const group = await view.record('Group', id);
    if (group === undefined) {
      tally.counts.conflicts += 1;
      tally.left({ kind: 'conflict', type: 'Group', id, label: id, detail: goneWith(add.length + remove.length) });
      continue;
    }
    const asked = { replaces: false, add: add.map((value) => ({ value })), remove };
    const { added, removed, unknown } = await view.memberDifference(id, asked);
    at = notBefore(at, group.modified);
    changes.push(...memberChanges(group, { added, removed, unknown }, { version: group.version + 1 }));
    tally.counts.putBack += added.length;
    tally.counts.takenOut += removed.length;
    tally.counts.asBefore += add.length + remove.length - added.length - removed.length - unknown.length;
    const about = { type: 'Group', id, label: nameOf('Group', parse(group)) || id };
    if (added.length + removed.length > 0) {
      const detail = `${added.length} members put back, ${removed.length} taken out`;
      tally.did({ kind: 'members', ...about, detail });
    }
    if (unknown.length > 0) {
      tally.counts.conflicts += unknown.length;
      const some = unknown.slice(0, NAMED).join(', ');
      const detail = `${unknown.length} of its former members are not in the directory: ${some}${unknown.length > NAMED ? ', …' : ''}`;
      tally.left({ kind: 'conflict', ...about, detail });
    }
  }
  return { changes, at, tally, refused: [], back: new Map() };
}

const NAMED = 3;

function goneWith(memberships: number): string {
  return `is not in the directory, and ${memberships} of its memberships cannot be taken back`;
}
