import { fold } from '../../scim/index.ts';
import { nameOf } from '../name-of.ts';
import type { MemberDifference, NetMemberEdit, Transaction } from '../ports.ts';
import { parse } from '../propose.ts';
import type { GroupStanding, StoredRecord } from '../record.ts';

/**
 * What has been decided and is not stored: of the slice that is being decided, or of a whole dry run. What comes next is
 * decided as if it were stored, so that a dry run says the same as the real one.
 */
export class AsIf {
  readonly #records = new Map<string, StoredRecord | undefined>();
  /** Whose a name is now, and whose an externalId: undefined is nobody's. */
  readonly #names = new Map<string, string | undefined>();
  total = 0;
  active = 0;

  /** `before` and `after`: undefined where it was not there, or is not any more. */
  alter(before: StoredRecord | undefined, after: StoredRecord | undefined): void {
    const one = (before ?? after) as StoredRecord;
    for (const key of before === undefined ? [] : keysOf(before)) {
      if (this.#names.get(key) === undefined || this.#names.get(key) === one.id) this.#names.set(key, undefined);
    }
    for (const key of after === undefined ? [] : keysOf(after)) this.#names.set(key, one.id);
    this.#records.set(one.id, after);
    if (one.type !== 'User') return;
    this.total += count(after !== undefined) - count(before !== undefined);
    this.active += count(after?.active) - count(before?.active);
  }

  record(id: string): { readonly record: StoredRecord | undefined } | undefined {
    return this.#records.has(id) ? { record: this.#records.get(id) } : undefined;
  }

  /** The id that has a key; null where nobody has it any more; undefined where only the store knows. */
  holder(key: string): string | null | undefined {
    return this.#names.has(key) ? (this.#names.get(key) ?? null) : undefined;
  }

  /** Takes over what another one holds, which was decided on top of this one. */
  absorb(later: AsIf): void {
    for (const [id, record] of later.#records) this.#records.set(id, record);
    for (const [key, id] of later.#names) this.#names.set(key, id);
    this.total += later.total;
    this.active += later.active;
  }
}

/** What a slice of an undo is decided by: the store, with what has been decided on top. */
export class View {
  readonly #transaction: Transaction;
  /** The later ones first. */
  readonly #layers: readonly AsIf[];
  #counts: ReturnType<Transaction['userCounts']> | undefined;
  readonly #asked = new Map<string, Promise<StoredRecord | undefined>>();

  constructor(transaction: Transaction, layers: readonly AsIf[]) {
    this.#transaction = transaction;
    this.#layers = layers;
  }

  async record(type: string, id: string): Promise<StoredRecord | undefined> {
    for (const layer of this.#layers) {
      const found = layer.record(id);
      if (found !== undefined) return found.record?.type === type ? found.record : undefined;
    }
    return this.#once(`id ${id}`, () => this.#transaction.record(type, id));
  }

  /** Who has the name. */
  byName(type: string, name: string): Promise<StoredRecord | undefined> {
    const key = fold(name);
    return this.#by(type, nameKey(type, key), () => this.#transaction.byName(type, key));
  }

  byExternalId(type: string, externalId: string): Promise<StoredRecord | undefined> {
    return this.#by(type, externalKey(type, externalId), () => this.#transaction.byExternalId(type, externalId));
  }

  /** Nobody else activates users meanwhile. */
  async userCounts(): Promise<{ readonly total: number; readonly active: number }> {
    this.#counts ??= this.#transaction.exclusively('activating').then(() => this.#transaction.userCounts());
    const stored = await this.#counts;
    const sum = (of: 'total' | 'active'): number => this.#layers.reduce((all, layer) => all + layer[of], stored[of]);
    return { total: sum('total'), active: sum('active') };
  }

  async memberDifference(group: string, edit: NetMemberEdit): Promise<MemberDifference> {
    const { added, removed, unknown } = await this.#transaction.memberDifference(group, edit);
    const back: { value: string; type: string }[] = [];
    const still: string[] = [];
    for (const value of unknown) {
      const record = this.#alteredTo(value)?.record;
      if (record === undefined) still.push(value);
      else back.push({ value, type: record.type });
    }
    const isGone = (id: string): boolean => {
      const altered = this.#alteredTo(id);
      return altered !== undefined && altered.record === undefined;
    };
    const gone = added.filter(({ value }) => isGone(value)).map(({ value }) => value);
    return {
      added: [...added.filter(({ value }) => !isGone(value)), ...back],
      removed: removed.filter((id) => !isGone(id)),
      unknown: [...still, ...gone],
    };
  }

  /** The groups that it is a member of, which is going. */
  async memberOf(id: string): Promise<readonly GroupStanding[]> {
    const groups: GroupStanding[] = [];
    for (let last = false; !last; ) {
      const piece = await this.#transaction.memberOf(id, groups.at(-1)?.id, GROUPS_AT_ONCE);
      groups.push(...piece);
      last = piece.length < GROUPS_AT_ONCE;
    }
    return groups.filter((group) => {
      const altered = this.#alteredTo(group.id);
      return altered === undefined || altered.record !== undefined;
    });
  }

  #alteredTo(id: string): { readonly record: StoredRecord | undefined } | undefined {
    for (const layer of this.#layers) {
      const found = layer.record(id);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  async #by(
    type: string,
    key: string,
    ask: () => Promise<StoredRecord | undefined>,
  ): Promise<StoredRecord | undefined> {
    for (const layer of this.#layers) {
      const holder = layer.holder(key);
      if (holder === null) return undefined;
      if (holder !== undefined) return this.record(type, holder);
    }
    return this.#once(key, ask);
  }

  /** What is asked for all records of a slice at once is asked of the store once. */
  #once(key: string, ask: () => Promise<StoredRecord | undefined>): Promise<StoredRecord | undefined> {
    let answer = this.#asked.get(key);
    if (answer === undefined) {
      answer = ask();
      this.#asked.set(key, answer);
    }
    return answer;
  }
}

const GROUPS_AT_ONCE = 1000;

function keysOf(record: StoredRecord): readonly string[] {
  const resource = parse(record);
  const { externalId } = resource;
  const name = nameKey(record.type, fold(nameOf(record.type, resource)));
  return typeof externalId === 'string' ? [name, externalKey(record.type, externalId)] : [name];
}

function nameKey(type: string, key: string): string {
  return `name ${type} ${key}`;
}

function externalKey(type: string, externalId: string): string {
  return `externalId ${type} ${externalId}`;
}

function count(is: boolean | undefined): number {
  return is === true ? 1 : 0;
}
