import { isObject, type JsonObject, type JsonValue } from '../../scim/index.ts';
import type { HistoryReader, HistoryRow } from '../history.ts';
import { nameOf } from '../name-of.ts';
import type { DirectoryStore } from '../ports.ts';
import type { EntryAttribute, EntryMember, HistoryEntry } from './entry.ts';
import { createLabels, type Labels } from './labels.ts';

export interface EntriesAsked {
  /** The id of a record: what became of it, and its memberships as far back as they are looked for. */
  readonly subject?: string | undefined;
  /** ISO 8601, in UTC. */
  readonly since?: string | undefined;
  /** Only what has a smaller seq: the page after this one. */
  readonly before?: number | undefined;
  readonly limit: number;
}

/** Changes that are read together. */
const WINDOW = 500;
/** Memberships stand in the history of groups: so many changes of the directory are looked through for them. */
const LOOKED_THROUGH = 20_000;

/** Reads history, the latest first. */
export async function listEntries(
  store: DirectoryStore,
  directory: string,
  asked: EntriesAsked,
): Promise<readonly HistoryEntry[]> {
  const history = store.history(directory);
  const span = await history.span();
  if (span === undefined) return [];
  const last = Math.min(span.last, (asked.before ?? Number.POSITIVE_INFINITY) - 1);
  const within = { first: span.first, last };
  const { subject } = asked;
  const rows =
    subject === undefined
      ? await ofDirectory(history, within, asked)
      : await ofSubject(history, within, { ...asked, subject });
  const labels = createLabels(store.reader(directory));
  const entries: HistoryEntry[] = [];
  for (const row of rows) entries.push(await entryOf(row, labels));
  return entries;
}

interface Within {
  readonly first: number;
  readonly last: number;
}

async function ofDirectory(
  history: HistoryReader,
  { first, last }: Within,
  asked: EntriesAsked,
): Promise<HistoryRow[]> {
  const rows: HistoryRow[] = [];
  for (let to = last; to >= first && rows.length < asked.limit; to -= WINDOW) {
    const window = await history.range({ first: Math.max(first, to - WINDOW + 1), last: to });
    rows.push(...window.filter((row) => isSince(row, asked)).reverse());
    if (window.length > 0 && window.every((row) => !isSince(row, asked))) break;
  }
  return rows.slice(0, asked.limit);
}

/** Its own changes through an index of theirs; memberships where it is cheap to find them. */
async function ofSubject(
  history: HistoryReader,
  { first, last }: Within,
  asked: EntriesAsked & { readonly subject: string },
): Promise<HistoryRow[]> {
  const { subject, limit } = asked;
  const own = (await history.ofSubject(subject, { before: last + 1, limit })).filter((row) => isSince(row, asked));
  const oldest = own.length < limit ? first : (own.at(-1)?.seq ?? first);
  const from = Math.max(oldest, last - LOOKED_THROUGH + 1);
  const others: HistoryRow[] = [];
  for (let to = last; to >= from; to -= WINDOW) {
    const only = { about: subject, kind: 'members' } as const;
    const window = await history.range({ first: Math.max(from, to - WINDOW + 1), last: to }, only);
    others.push(...window.filter((row) => row.subject !== subject && isSince(row, asked)));
  }
  return [...own, ...others].sort((a, b) => b.seq - a.seq).slice(0, limit);
}

function isSince({ at }: HistoryRow, { since }: EntriesAsked): boolean {
  return since === undefined || at >= since;
}

async function entryOf(row: HistoryRow, labels: Labels): Promise<HistoryEntry> {
  const { seq, set, cause, at, by, requestId, kind, type, subject } = row;
  const base = { seq, set, ...(cause === undefined ? {} : { cause }), at, by, requestId, kind, type, subject };
  const before = parsed(row.before);
  const after = parsed(row.after);
  if (kind === 'members') {
    const [joined, left] = [await membersOf(after, labels), await membersOf(before, labels)];
    return { ...base, label: await labels.of(type, subject), joined, left };
  }
  if (kind === 'owner' || kind === 'password') {
    const attributes = kind === 'owner' ? attributesOf(objectOf(before), objectOf(after)) : [];
    return { ...base, label: await labels.of(type, subject), attributes };
  }
  const was = kind === 'created' ? {} : kind === 'removed' ? objectOf(objectOf(before).resource) : objectOf(before);
  const is = objectOf(after);
  const known = nameOf(type, kind === 'removed' ? was : is);
  return { ...base, label: known || (await labels.of(type, subject)), attributes: attributesOf(was, is) };
}

function attributesOf(before: JsonObject, after: JsonObject): readonly EntryAttribute[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names]
    .filter((name) => !['schemas', 'id', 'meta'].includes(name))
    .map((name) => ({ name, before: before[name] ?? null, after: after[name] ?? null }));
}

/** More would be looked up one by one. */
const NAMED = 10;

async function membersOf(ids: JsonValue, labels: Labels): Promise<readonly EntryMember[]> {
  const members: EntryMember[] = [];
  for (const id of Array.isArray(ids) ? ids : []) {
    if (typeof id !== 'string') continue;
    const label = members.length < NAMED ? await labels.known(id) : undefined;
    members.push(label === undefined ? { id } : { id, label });
  }
  return members;
}

function parsed(text: string | undefined): JsonValue {
  return text === undefined ? null : (JSON.parse(text) as JsonValue);
}

function objectOf(value: JsonValue | undefined): JsonObject {
  return isObject(value) ? value : {};
}
