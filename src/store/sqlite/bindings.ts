import type { Binds } from '../where.ts';
import type { SqlValue } from './connection.ts';

/** The values of a statement in the order of their numbers: `?1`, `?2` … */
export interface Bindings extends Binds {
  readonly values: SqlValue[];
}

export function createBindings(...first: readonly SqlValue[]): Bindings {
  const values = [...first];
  return { values, bind: (value) => `?${values.push(typeof value === 'boolean' ? Number(value) : value)}` };
}
