import type { AttributePath } from '../target.ts';
import { printAttributePath } from './attribute-path.ts';
import type { Filter } from './tree.ts';

/**
 * A tree as the text of a filter, such that `parseFilter` gives the same tree back; parentheses only where they mean
 * something.
 *
 *     {kind:'and', terms:[{kind:'or', terms:[a, b]}, c]} → (a or b) and c
 */
export function printFilter(filter: Filter<AttributePath>): string {
  switch (filter.kind) {
    case 'or':
      return filter.terms.map((term) => (term.kind === 'or' ? inParentheses(term) : printFilter(term))).join(' or ');
    case 'and':
      return filter.terms
        .map((term) => (term.kind === 'or' || term.kind === 'and' ? inParentheses(term) : printFilter(term)))
        .join(' and ');
    case 'not':
      return `not ${inParentheses(filter.term)}`;
    case 'present':
      return `${printAttributePath(filter.path)} pr`;
    case 'compare':
      return `${printAttributePath(filter.path)} ${filter.operator} ${JSON.stringify(filter.value)}`;
    case 'elements':
      return `${printAttributePath(filter.path)}[${printFilter(filter.filter)}]`;
  }
}

function inParentheses(filter: Filter<AttributePath>): string {
  return `(${printFilter(filter)})`;
}
