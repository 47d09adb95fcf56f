import type { Change } from '../change.ts';

/**
 * Changes of several writes as one set. Each was decided on what is stored, so what two of them would do, one of them does:
 * a membership ends once, and a group that goes takes its memberships with it.
 */
export class GatheredChanges {
  readonly changes: Change[] = [];
  at = '';
  /** By group: who has left. */
  readonly #left = new Map<string, Set<string>>();
  readonly #removed = new Set<string>();

  add(changes: readonly Change[], at: string): void {
    if (at > this.at) this.at = at;
    // Where each of them stands among all: its cause may have been left out.
    const places = new Map<number, number>();
    const caused: { readonly place: number; readonly cause: number }[] = [];
    for (const [index, change] of changes.entries()) {
      const { cause, ...rest } = this.#remaining(change) ?? {};
      if (!('kind' in rest)) continue;
      places.set(index, this.changes.length);
      if (cause !== undefined) caused.push({ place: this.changes.length, cause });
      this.changes.push(rest as Change);
    }
    for (const { place, cause } of caused) {
      const found = places.get(cause);
      const change = this.changes[place];
      if (found !== undefined && change !== undefined) this.changes[place] = { ...change, cause: found };
    }
    for (const change of changes) if (change.kind === 'removed') this.#removed.add(change.before.id);
  }

  #remaining(change: Change): Change | undefined {
    if (change.kind !== 'members') return change;
    const { id } = change.group;
    if (this.#removed.has(id)) return undefined;
    const left = this.#left.get(id) ?? new Set<string>();
    this.#left.set(id, left);
    const removed = change.removed.filter((member) => !left.has(member));
    for (const member of removed) left.add(member);
    return removed.length + change.added.length === 0 ? undefined : { ...change, removed };
  }
}
