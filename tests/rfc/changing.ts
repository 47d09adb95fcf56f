import type { Case } from './case.ts';
import { aUser, get, ok, patch } from './shorthand.ts';

type Attributes = Readonly<Record<string, unknown>>;

interface Change {
  /** What bob has besides his name, where it is not what the table's other changes begin with. */
  readonly bob?: Attributes;
  /** Without its op. */
  readonly operation: Attributes;
  /** What of him is otherwise than it was. */
  readonly becomes?: Attributes;
  /** What he has no more. */
  readonly absent?: readonly string[];
}

/**
 * Cases of one operation that changes bob: what it makes of him, that all else of him stays, that there is a new version,
 * and that the same is stored.
 */
export function changing(op: 'add' | 'remove' | 'replace', begin: Attributes = {}) {
  return (ids: readonly string[], title: string, change: Change): Case => {
    const { bob = begin, operation, becomes = {}, absent = [] } = change;
    const kept = Object.entries(bob).filter(([name]) => !absent.includes(name));
    return {
      ids,
      title,
      given: [aUser('bob', bob)],
      request: patch('/Users/{{bob.id}}', { op, ...operation }),
      expect: {
        ...ok({ ...Object.fromEntries(kept), meta: { version: '{{not {{bob.meta.version}}}}' }, ...becomes }),
        absent,
      },
      as: 'after',
      afterwards: [{ request: get('/Users/{{bob.id}}'), expect: { status: 200, exactly: '{{after}}' } }],
    };
  };
}
