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

/**
 * The edits of one PATCH as one, in time linear in their ids: `add a`, `remove b`, `add b` → add a and b.
 *
 * `matching` gives the ids of *stored* members that a filter matches; members that an earlier edit added are matched
 * here, by their value and type. No id is both added and removed.
 */
export function foldMemberEdits(
  edits: readonly MemberEdit[],
  matching: (filter: Filter<Target>) => readonly string[],
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
        for (const member of added.values()) {
          // Only the edit that added it goes: whether it is stored too, `matching` has judged by what is stored.
          if (matches(edit.filter, asElement(member))) added.delete(member.value);
        }
    }
  }
  return { replaces, add: [...added.values()], remove: [...removed] };
}

function asElement({ value, type }: MemberReference): JsonObject {
  return { value, type: type ?? 'User' };
}
