import type { By } from '../change.ts';

/** An identity provider acts, and the rules about providers hold: not an operator, nor the instance itself. */
export function isProvider({ kind }: By): boolean {
  return kind === 'credential';
}
