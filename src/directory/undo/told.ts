import { type JsonValue, shorten } from '../../scim/index.ts';
import type { Conflict } from './inverse.ts';

/** What has moved on since, in words: the end of a sentence that begins with whom it is about. */
export function conflictSentence(conflicts: readonly Conflict[]): string {
  return conflicts.map(told).join('; ');
}

function told(conflict: Conflict): string {
  switch (conflict.kind) {
    case 'attribute':
      return `${conflict.name} was changed again: ${shown(conflict.set)} then, ${shown(conflict.now)} now`;
    case 'owner':
      return 'the owner was changed again';
    case 'members':
      return 'has other members by now';
    case 'gone':
      return 'was removed since';
    case 'back':
      return 'is there again, and otherwise than it was';
  }
}

function shown(value: JsonValue): string {
  return value === null ? 'nothing' : shorten(JSON.stringify(value));
}

/** `active, title and roles`. */
export function listed(names: readonly string[]): string {
  const last = names.at(-1) ?? '';
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} and ${last}`;
}
