import { type Dialect, type Keyed, lengthOf } from '../where.ts';
import type { Bindings } from './bindings.ts';

/** How SQLite says it: conditions are 0 or 1, and order is by code point (BINARY). */
export function dialectOf(bindings: Bindings): Dialect {
  return {
    true: '1',
    false: '0',
    exists,
    notEmpty: (value) => `coalesce(${value} <> '', 0)`,
    test: (value, comparison) => test(value, comparison, bindings),
  };
}

/**
 * `deadline()` throws when the query has had its time; within one row it stops what has very many elements, and what is
 * looked into very often: each look reads the whole shape, which may be megabytes long.
 */
function exists(from: string, condition: string): string {
  return `(deadline() AND EXISTS (SELECT 1 FROM ${from} deadline() AND ${condition}))`;
}

function test(value: string, { operator, key }: Keyed, bindings: Bindings): string {
  // The last 0 characters would be all of them.
  if (operator === 'ew' && key === '') return `${value} IS NOT NULL`;
  const bound = bindings.bind(key);
  switch (operator) {
    case 'eq':
      return `${value} IS ${bound}`;
    case 'ne':
      return `${value} IS NOT ${bound}`;
    case 'co':
      return `coalesce(instr(${value}, ${bound}) > 0, 0)`;
    case 'sw':
      return `coalesce(substr(${value}, 1, ${bindings.bind(lengthOf(key))}) = ${bound}, 0)`;
    case 'ew':
      return `coalesce(substr(${value}, ${bindings.bind(-lengthOf(key))}) = ${bound}, 0)`;
    case 'gt':
      return `coalesce(${value} > ${bound}, 0)`;
    case 'ge':
      return `coalesce(${value} >= ${bound}, 0)`;
    case 'lt':
      return `coalesce(${value} < ${bound}, 0)`;
    case 'le':
      return `coalesce(${value} <= ${bound}, 0)`;
  }
}
