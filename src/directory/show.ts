import { type Query, type ResourceType, type Selection, shows, type View } from '../scim/index.ts';
import type { Outcome, Shown } from './outcome.ts';
import type { DirectoryStore, PageContext, Reader, Snapshot } from './ports.ts';
import type { GroupReference, Member, StoredRecord } from './record.ts';
import { turn } from './turn.ts';

/** More members, or groups, than this are read and sent in pieces: one reply must not hold the event loop, or the memory. */
const AT_ONCE = 1000;

interface Asked {
  readonly type: ResourceType;
  /** Absent: nothing is shown. */
  readonly view?: View;
}

/** Adds what the view needs of other tables. Undefined when that is too much to be held at once: see `showStreamed`. */
export async function show(reader: Reader, record: StoredRecord, { type, view }: Asked): Promise<Shown | undefined> {
  if (view === undefined) return { record };
  const withGroups = shows(type, view, 'groups');
  const withMembers = shows(type, view, 'members');
  const groups = withGroups ? (record.groups ?? (await groupsAtOnce(reader, record))) : NONE;
  const members = withMembers ? await membersAtOnce(reader, record) : NONE;
  if (groups === undefined || members === undefined) return undefined;
  return { record, ...(withGroups ? { groups } : {}), ...(withMembers ? { members } : {}) };
}

const NONE: readonly never[] = [];

async function groupsAtOnce(reader: Reader, { id }: StoredRecord): Promise<readonly GroupReference[] | undefined> {
  const groups = await reader.groups(id, undefined, AT_ONCE);
  const last = groups.at(-1);
  if (last === undefined) return groups;
  return (await reader.groups(id, last.value, 1)).length === 0 ? groups : undefined;
}

async function membersAtOnce(
  reader: Reader,
  { id, memberCount }: StoredRecord,
): Promise<readonly Member[] | undefined> {
  if (memberCount === 0) return NONE;
  if (memberCount > AT_ONCE) return undefined;
  const members = await reader.members(id, undefined, AT_ONCE);
  return members.length < memberCount ? undefined : members;
}

/** A record at one moment, its groups and members in pieces. Undefined when it has gone meanwhile. */
export async function showStreamed(
  store: DirectoryStore,
  directory: string,
  { id, ...asked }: Asked & { id: string },
): Promise<Shown | undefined> {
  const snapshot = await store.snapshot(directory);
  try {
    const record = await snapshot.record(asked.type.name, id);
    if (record !== undefined) return { ...inPieces(snapshot, record, asked), release: () => snapshot.release() };
  } catch (error) {
    snapshot.release();
    throw error;
  }
  snapshot.release();
  return undefined;
}

/** Elements of a piece, whose names the store bounds by their weight: each waits in memory until its client has read it. */
const IN_A_PIECE = 500;

function inPieces(snapshot: Snapshot, record: StoredRecord, { type, view = {} }: Asked): Shown {
  const { id } = record;
  return {
    record,
    ...(shows(type, view, 'groups') ? { groups: pieces((after) => snapshot.groups(id, after, IN_A_PIECE)) } : {}),
    ...(shows(type, view, 'members') ? { members: pieces((after) => snapshot.members(id, after, IN_A_PIECE)) } : {}),
  };
}

async function* pieces<T extends { readonly value: string }>(
  read: (after: string | undefined) => Promise<readonly T[]>,
): AsyncGenerator<readonly T[]> {
  let after: string | undefined;
  for (;;) {
    const piece = await read(after);
    if (piece.length === 0) return;
    after = piece.at(-1)?.value;
    yield piece;
    await turn();
  }
}

export interface AskedPage {
  readonly selections: readonly Selection[];
  readonly query: Query;
  readonly context: PageContext;
}

type Listed = Pick<Extract<Outcome, { kind: 'listed' }>, 'total' | 'next' | 'count' | 'shown' | 'release'>;

export async function showPage(store: DirectoryStore, directory: string, asked: AskedPage): Promise<Listed> {
  const reader = store.reader(directory);
  const { records, ...page } = await reader.page(asked.selections, asked.query, asked.context);
  const shown = await showAtOnce(reader, records, asked);
  return shown === undefined ? showPageStreamed(store, directory, asked) : { ...page, count: records.length, shown };
}

/** A page whose reply has more characters than this, roughly, is read and sent record by record. */
const PAGE_AT_ONCE = 1_048_576;

/** Undefined when it is too much to be held at once. */
async function showAtOnce(
  reader: Reader,
  records: readonly StoredRecord[],
  { selections }: AskedPage,
): Promise<readonly Shown[] | undefined> {
  const wanted = new Map(selections.map(({ type, view }) => [type.name, wantsOf(type, view)]));
  const withGroups: string[] = [];
  let memberCount = 0;
  for (const { type, id, groups, memberCount: own, unread } of records) {
    if (unread) return undefined;
    const wants = wanted.get(type) ?? NOTHING;
    if (wants.groups && groups === undefined) withGroups.push(id);
    if (wants.members) memberCount += own;
  }
  if (memberCount > AT_ONCE) return undefined;

  // One look-up for all the groups that the page shows.
  const groupsOf = withGroups.length === 0 ? NO_GROUPS : await reader.fewGroupsOf(withGroups);
  if (groupsOf === undefined) return undefined;
  const shown: Shown[] = [];
  let weight = 0;
  for (const record of records) {
    const wants = wanted.get(record.type) ?? NOTHING;
    const members = wants.members ? await membersAtOnce(reader, record) : NONE;
    if (members === undefined) return undefined;
    const groups = wants.groups ? (record.groups ?? groupsOf.get(record.id) ?? NONE) : NONE;
    const one = shownWith(record, { wants, groups, members });
    weight += record.text.length + weightOf(groups) + weightOf(members);
    if (weight > PAGE_AT_ONCE) return undefined;
    shown.push(one);
  }
  return shown;
}

/** Written out: an object that is put together of parts costs as much as to read its record. */
function shownWith(
  record: StoredRecord,
  { wants, groups, members }: { wants: Wants; groups: readonly GroupReference[]; members: readonly Member[] },
): Shown {
  if (wants.members) return wants.groups ? { record, groups, members } : { record, members };
  return wants.groups ? { record, groups } : { record };
}

/** Whether the view shows these attributes of records of a type. */
interface Wants {
  readonly groups: boolean;
  readonly members: boolean;
}

const NOTHING: Wants = { groups: false, members: false };
const NO_GROUPS: ReadonlyMap<string, readonly GroupReference[]> = new Map();

function wantsOf(type: ResourceType, view: View): Wants {
  return { groups: shows(type, view, 'groups'), members: shows(type, view, 'members') };
}

/** An element of `groups` or `members` without its name: its ids and the base URL. */
const ELEMENT = 160;

function weightOf(elements: readonly { readonly display: string }[]): number {
  let weight = 0;
  for (const { display } of elements) weight += ELEMENT + display.length;
  return weight;
}

/** The page read again on a snapshot, so that all its records agree however long the reply takes. */
async function showPageStreamed(store: DirectoryStore, directory: string, asked: AskedPage): Promise<Listed> {
  const snapshot = await store.snapshot(directory);
  try {
    const { records, ...page } = await snapshot.page(asked.selections, asked.query, asked.context);
    // Of each only what it is found by is kept until its turn.
    const places = records.map(({ type, id }) => ({ type, id }));
    return {
      ...page,
      count: places.length,
      shown: oneByOne(snapshot, places, asked),
      release: () => snapshot.release(),
    };
  } catch (error) {
    snapshot.release();
    throw error;
  }
}

async function* oneByOne(
  snapshot: Snapshot,
  places: readonly Pick<StoredRecord, 'type' | 'id'>[],
  { selections }: AskedPage,
): AsyncGenerator<Shown> {
  for (const place of places) {
    const asked = selections.find(({ type }) => type.name === place.type);
    const record = await snapshot.record(place.type, place.id);
    if (asked === undefined || record === undefined) throw new Error('a snapshot lost a record that it had');
    yield (await show(snapshot, record, asked)) ?? inPieces(snapshot, record, asked);
  }
}
