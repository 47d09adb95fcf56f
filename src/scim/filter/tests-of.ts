import type { Target } from '../target.ts';
import type { Filter } from './tree.ts';

/** What a filter asks of one value at a time, whatever holds it together: its comparisons, and each `pr`. */
export function testsOf(filter: Filter<Target>): readonly Test[] {
  const tests: Test[] = [];
  collect(filter, tests);
  return tests;
}

type Test = Extract<Filter<Target>, { kind: 'compare' | 'present' }>;

function collect(filter: Filter<Target>, tests: Test[]): void {
  switch (filter.kind) {
    case 'and':
    case 'or':
      for (const term of filter.terms) collect(term, tests);
      break;
    case 'not':
      collect(filter.term, tests);
      break;
    case 'elements':
      collect(filter.filter, tests);
      break;
    default:
      tests.push(filter);
  }
}
