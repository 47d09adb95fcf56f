import { effectOf } from '../policies/effect.ts';
import type { Transaction } from '../ports.ts';
import type { LineDone } from './import-line.ts';

/** How many users, and active ones, a dry run would have made so far: seats are counted as if they were there. */
export class Ahead {
  #total = 0;
  #active = 0;

  copy(): Ahead {
    const copy = new Ahead();
    copy.#total = this.#total;
    copy.#active = this.#active;
    return copy;
  }

  note(done: LineDone): void {
    if (!('changes' in done)) return;
    const { total, active } = effectOf(done.changes);
    this.#total += total;
    this.#active += active;
  }

  /** The transaction, with these among those whom it counts. */
  over(transaction: Transaction): Transaction {
    const userCounts = async () => {
      const { total, active } = await transaction.userCounts();
      return { total: total + this.#total, active: active + this.#active };
    };
    return new Proxy(transaction, {
      get(target, name) {
        if (name === 'userCounts') return userCounts;
        const value: unknown = Reflect.get(target, name);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  }
}
