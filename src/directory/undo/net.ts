import { atOnce, isObject, type JsonObject, type JsonValue, type Resource, sameValue } from '../../scim/index.ts';
import type { HistoryRow } from '../history.ts';

/**
 * What the selected changes made of one record, all together. A value that somebody else had given in between is what it
 * goes back to, not what was there before them:
 *
 *     selected: title A → B    somebody else's: B → C    selected: C → D    together: C → D
 */
export interface Net {
  readonly type: string;
  readonly subject: string;
  /** Whether there was such a record before the first of them, and after the last. */
  readonly existed: boolean;
  readonly exists: boolean;
  /** Top-level attributes, before and after; null is nothing. All of them where the record came or went. */
  readonly attributes: ReadonlyMap<string, Altered<JsonValue>>;
  /** Whether a provider owned it; undefined where no selected change says so. */
  readonly owned: Altered<boolean> | undefined;
  /** By id: whether it was a member of this group. */
  readonly members: ReadonlyMap<string, Altered<boolean>>;
  /** Of the record as it was when it went. */
  readonly removal: Removal | undefined;
  readonly passwords: number;
}

export interface Altered<T> {
  readonly was: T;
  readonly is: T;
}

export interface Removal {
  /** Undefined where the history was written before it said so. */
  readonly version: number | undefined;
  readonly created: string | undefined;
  readonly memberOf: readonly string[];
  /** The place of the removal in history: larger than any version that the record had. */
  readonly seq: number;
}

/** The selected changes of one record, in order. `member`: of memberships only that one's are selected. */
export function netOf(rows: readonly HistoryRow[], member?: string): Net {
  return atOnce(netInSteps(rows, member));
}

/** The same of many, in steps of a change each. */
export function* netInSteps(rows: readonly HistoryRow[], member?: string): Generator<void, Net> {
  const net: Folding = {
    type: rows[0]?.type ?? '',
    subject: rows[0]?.subject ?? '',
    existed: rows.find(({ kind }) => kind !== 'members')?.kind !== 'created',
    exists: true,
    attributes: new Map(),
    owned: undefined,
    members: new Map(),
    removal: undefined,
    passwords: 0,
  };
  for (const row of rows) {
    fold(net, row, member);
    yield;
  }
  return net;
}

type Folding = {
  -readonly [K in keyof Net]: Net[K];
} & { readonly attributes: Map<string, Altered<JsonValue>>; readonly members: Map<string, Altered<boolean>> };

function fold(net: Folding, row: HistoryRow, member: string | undefined): void {
  switch (row.kind) {
    case 'created':
      net.exists = true;
      net.owned = alteredOwner(net, true, objectOf(row.before).owned !== false);
      alterAll(net, {}, objectOf(row.after));
      break;
    case 'updated':
      alter(net, objectOf(row.before), objectOf(row.after));
      break;
    case 'removed': {
      const before = objectOf(row.before);
      net.exists = false;
      net.removal = removalOf(before, row.seq);
      net.owned = alteredOwner(net, before.owned !== false, before.owned !== false);
      alterAll(net, isObject(before.resource) ? before.resource : {}, {});
      break;
    }
    case 'owner':
      net.owned = alteredOwner(net, objectOf(row.before).owned === true, objectOf(row.after).owned === true);
      break;
    case 'password':
      net.passwords += 1;
      break;
    case 'members':
      alterMembers(net, idsOf(row.before, member), false);
      alterMembers(net, idsOf(row.after, member), true);
  }
}

function alteredOwner({ owned }: Folding, from: boolean, is: boolean): Altered<boolean> {
  // Somebody else had altered it in between.
  return { was: owned === undefined || owned.is !== from ? from : owned.was, is };
}

/** Ours to say, not changed by anyone. */
const OURS: ReadonlySet<string> = new Set(['schemas', 'id', 'meta']);

/** From all that a record was to all that it is. */
function alterAll(net: Folding, before: JsonObject, after: JsonObject): void {
  const was: JsonObject = {};
  const is: JsonObject = {};
  for (const name of [...Object.keys(before), ...Object.keys(after), ...net.attributes.keys()]) {
    was[name] = before[name] ?? null;
    is[name] = after[name] ?? null;
  }
  alter(net, was, is);
}

function alter({ attributes }: Folding, before: JsonObject, after: JsonObject): void {
  for (const name of Object.keys(after)) {
    if (OURS.has(name)) continue;
    const known = attributes.get(name);
    const from = before[name] ?? null;
    // Somebody else had given it another value in between.
    const was = known === undefined || !sameValue(known.is, from) ? from : known.was;
    attributes.set(name, { was, is: after[name] ?? null });
  }
}

function alterMembers({ members }: Folding, ids: readonly string[], is: boolean): void {
  for (const id of ids) members.set(id, { was: members.get(id)?.was ?? !is, is });
}

function removalOf(before: JsonObject, seq: number): Removal {
  const { version, created, memberOf } = before;
  return {
    version: typeof version === 'number' ? version : undefined,
    created: typeof created === 'string' ? created : undefined,
    memberOf: Array.isArray(memberOf) ? memberOf.filter((id) => typeof id === 'string') : [],
    seq,
  };
}

/** What the record was before; undefined where there was none. Complete only of a record that came or went. */
export function resourceBefore({ attributes, existed }: Net): Resource | undefined {
  if (!existed) return undefined;
  const resource: Resource = {};
  for (const [name, { was }] of attributes) if (was !== null) resource[name] = was;
  return resource;
}

function objectOf(text: string | undefined): JsonObject {
  const value = text === undefined ? {} : (JSON.parse(text) as JsonValue);
  return isObject(value) ? value : {};
}

function idsOf(text: string | undefined, member: string | undefined): readonly string[] {
  if (text === undefined) return [];
  const ids = JSON.parse(text) as readonly string[];
  return member === undefined ? ids : ids.filter((id) => id === member);
}
