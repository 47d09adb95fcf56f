import type { Filter, Target } from '../scim/index.ts';

/**
 * A filter without its constant parts; true or false when nothing else is left. Of several types, one that does not have
 * an attribute makes a constant of each term that asks for it (RFC 7644 §3.4.2.1).
 *
 *     userName eq "x" and <nothing> → false · not <nothing> → true · title pr or <nothing> → title pr
 */
export function reduce(filter: Filter<Target>): Filter<Target> | boolean {
  switch (filter.kind) {
    case 'and':
      return reduceTerms(filter, false);
    case 'or':
      return reduceTerms(filter, true);
    case 'not': {
      const term = reduce(filter.term);
      return typeof term === 'boolean' ? !term : { kind: 'not', term };
    }
    default:
      return filter;
  }
}

/** One `decisive` term settles all of them, and the opposite says nothing. */
function reduceTerms(
  { kind, terms }: Extract<Filter<Target>, { kind: 'and' | 'or' }>,
  decisive: boolean,
): Filter<Target> | boolean {
  const left: Filter<Target>[] = [];
  for (const term of terms) {
    const reduced = reduce(term);
    if (reduced === decisive) return decisive;
    if (typeof reduced !== 'boolean') left.push(reduced);
  }
  const [only] = left;
  if (only === undefined) return !decisive;
  return left.length === 1 ? only : { kind, terms: left };
}
