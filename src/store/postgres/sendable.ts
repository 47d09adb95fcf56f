import type { Filter, Selection, Target } from '../../scim/index.ts';

/**
 * A filter that says the same of every text without U+0000, and does not hold one: PostgreSQL's text has no such character,
 * so nothing that is stored does, and it refuses a value that does.
 *
 *     title eq "a\u0000b", co, sw, ew → nothing · ne → everything · gt, ge → title gt "a" · lt, le → title le "a"
 */
export function sendable(filter: Filter<Target>): Filter<Target> {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return { kind: filter.kind, terms: filter.terms.map(sendable) };
    case 'not':
      return { kind: 'not', term: sendable(filter.term) };
    case 'elements':
      return { ...filter, filter: sendable(filter.filter) };
    case 'present':
      return filter;
    case 'compare': {
      const { key, operator } = filter;
      const end = typeof key === 'string' ? key.indexOf('\0') : -1;
      if (end < 0) return filter;
      if (operator === 'ne') return EVERYTHING;
      if (operator === 'eq' || operator === 'co' || operator === 'sw' || operator === 'ew') return NOTHING;
      // Between what comes before U+0000 and the whole there is no other text.
      const before = String(key).slice(0, end);
      return { ...filter, operator: operator === 'gt' || operator === 'ge' ? 'gt' : 'le', value: before, key: before };
    }
  }
}

const EVERYTHING: Filter<Target> = { kind: 'and', terms: [] };
const NOTHING: Filter<Target> = { kind: 'or', terms: [] };

export function sendableSelection(selection: Selection): Selection {
  return selection.filter === undefined ? selection : { ...selection, filter: sendable(selection.filter) };
}
