import type { Filter } from '../filter/tree.ts';
import type { MemberEdit, MemberReference } from '../request.ts';
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
export function foldMemberEdits(
  edits: readonly MemberEdit[],
  chosen: (filter: Filter<Target>) => readonly string[],
): FoldedMemberEdit {
  let replaces = false;
  const added = new Map<string, MemberReference>();
  const removed = new Set<string>();

  const add = (member: MemberReference): void => {
    removed.delete(member.value);
    if (!added.has(member.value)) added.set(member.value, member);
  };
  const remove = (id: string): void => {
    added.delete(id);
    if (!replaces) removed.add(id);
  };

  for (const edit of edits) {
    switch (edit.kind) {
      case 'set':
        replaces = true;
        added.clear();
        removed.clear();
        edit.members.forEach(add);
        break;
      case 'add':
        edit.members.forEach(add);
        break;
      case 'remove':
        edit.ids.forEach(remove);
        break;
      case 'removeWhere':
        chosen(edit.filter).forEach(remove);
    }
  }
  return { replaces, add: [...added.values()], remove: [...removed] };
}
