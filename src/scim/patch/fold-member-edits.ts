import { matches } from '../filter/match.ts';
import type { Filter } from '../filter/tree.ts';
import type { MemberEdit, MemberReference } from '../request.ts';
import type { Target } from '../target.ts';
import type { JsonObject } from '../value.ts';

/** `replaces: false`: `add` and `remove` over the stored members. `replaces: true`: they become exactly `add`. */
export interface FoldedMemberEdit {
  readonly replaces: boolean;
  readonly add: readonly MemberReference[];
  readonly remove: readonly string[];
}

export interface FilteredMembers {
  /** The ids of *stored* members that a filter matches. */
  matching(filter: Filter<Target>): readonly string[];
  /** The element of `members`, as a reply shows it, that an id which an edit adds is; undefined when nobody has the id. */
  element(id: string): JsonObject | undefined;
}

/**
 * The edits of one PATCH as one, in time linear in their ids: `add a`, `remove b`, `add b` → add a and b.
 *
 * A filter chooses among what is stored and what an earlier edit added, by what they are and not by what the client calls
 * them. No id is both added and removed.
 */
export function foldMemberEdits(
  edits: readonly MemberEdit[],
  { matching, element }: FilteredMembers,
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
        matching(edit.filter).forEach(remove);
        for (const id of added.keys()) {
          const shown = element(id);
          // Only the edit that added it goes: whether it is stored too, `matching` has judged by what is stored.
          if (shown !== undefined && matches(edit.filter, shown)) added.delete(id);
        }
    }
  }
  return { replaces, add: [...added.values()], remove: [...removed] };
}
