import type { Filter } from '../filter/tree.ts';
import type { MemberEdit, MemberReference } from '../request.ts';
import { atOnce } from '../steps.ts';
import type { Target } from '../target.ts';

/** `replaces: false`: `add` and `remove` over the stored members. `replaces: true`: they become exactly `add`. */
export interface FoldedMemberEdit {
  readonly replaces: boolean;
  readonly add: readonly MemberReference[];
  readonly remove: readonly string[];
}

/**
 * The edits of one PATCH as one, in time linear in their ids: `add a`, `remove b`, `add b` → add a and b.
 *
 * A filter chooses among what is stored and what an earlier edit added, by what they are and not by what the client calls
 * them. `chosen` has the ids of both that it is the last filter of the PATCH to match: where several match, what became of
 * an id between them does not count. No id is both added and removed.
 */
export function foldMemberEdits(edits: readonly MemberEdit[], chosen: Chosen): FoldedMemberEdit {
  return atOnce(foldMemberEditsInSteps(edits, chosen));
}

type Chosen = (filter: Filter<Target>) => readonly string[];

export function* foldMemberEditsInSteps(
  edits: readonly MemberEdit[],
  chosen: Chosen,
): Generator<void, FoldedMemberEdit> {
  const [only] = edits;
  // What most requests say is folded already.
  if (edits.length === 1 && (only?.kind === 'set' || only?.kind === 'add')) {
    return { replaces: only.kind === 'set', add: only.members, remove: [] };
  }
  let replaces = false;
  const added = new Map<string, MemberReference>();
  const removed = new Set<string>();

  for (const edit of edits) {
    if (edit.kind === 'set') {
      replaces = true;
      added.clear();
      removed.clear();
    }
    if (edit.kind === 'set' || edit.kind === 'add') {
      for (const [index, member] of edit.members.entries()) {
        removed.delete(member.value);
        if (!added.has(member.value)) added.set(member.value, member);
        if (index % IN_A_STEP === IN_A_STEP - 1) yield;
      }
    } else {
      for (const [index, id] of (edit.kind === 'remove' ? edit.ids : chosen(edit.filter)).entries()) {
        added.delete(id);
        if (!replaces) removed.add(id);
        if (index % IN_A_STEP === IN_A_STEP - 1) yield;
      }
    }
    yield;
  }
  return { replaces, add: [...added.values()], remove: [...removed] };
}

const IN_A_STEP = 1000;
