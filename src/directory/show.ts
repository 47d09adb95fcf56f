import { type Query, type ResourceType, shows, type View } from '../scim/index.ts';
import type { Outcome, Shown } from './outcome.ts';
import type { DirectoryStore, PageContext, Reader, Snapshot } from './ports.ts';
import type { Member, StoredRecord } from './record.ts';

/** More members than this are read, and sent, in pieces: one reply must not hold the event loop, or the memory. */
const MEMBERS_AT_ONCE = 1000;

interface Asked {
  readonly type: ResourceType;
  /** Absent: nothing is shown. */
  readonly view?: View;
}

/** Adds what the view needs of other tables to a record that is not `isLong`. */
export async function show(reader: Reader, record: StoredRecord, { type, view }: Asked): Promise<Shown> {
  if (view === undefined) return { record };
  const withGroups = shows(type, view, 'groups');
  const withMembers = shows(type, view, 'members');
  return {
    record,
    ...(withGroups ? { groups: record.groups ?? (await reader.groupsOf([record.id])).get(record.id) ?? [] } : {}),
    ...(withMembers ? { members: await membersOf(reader, record) } : {}),
  };
}

export function isLong(record: StoredRecord, { type, view }: Asked): boolean {
  return record.memberCount > MEMBERS_AT_ONCE && view !== undefined && shows(type, view, 'members');
}

/** A record and its members at one moment, the members in pieces. Undefined when it has gone meanwhile. */
export async function showStreamed(
  store: DirectoryStore,
  directory: string,
  { type, id }: { type: ResourceType; id: string },
): Promise<Shown | undefined> {
  const snapshot = await store.snapshot(directory);
  try {
    const record = await snapshot.record(type.name, id);
    if (record !== undefined) {
      return { record, members: pieces(snapshot, id), release: () => snapshot.release() };
    }
  } catch (error) {
    snapshot.release();
    throw error;
  }
  snapshot.release();
  return undefined;
}

export interface AskedPage {
  readonly types: readonly ResourceType[];
  readonly query: Query;
  readonly view: View;
  readonly context: PageContext;
}

export async function showPage(
  store: DirectoryStore,
  directory: string,
  asked: AskedPage,
): Promise<Pick<Extract<Outcome, { kind: 'listed' }>, 'total' | 'shown' | 'release'>> {
  const reader = store.reader(directory);
  const { total, records } = await reader.page(asked.types, asked.query, asked.context);
  const types = new Map(asked.types.map((type) => [type.name, type]));
  const wants: Wants = (record, attribute) => {
    const type = types.get(record.type);
    return type !== undefined && shows(type, asked.view, attribute);
  };
  const members = records.reduce((sum, record) => sum + (wants(record, 'members') ? record.memberCount : 0), 0);
  if (members > MEMBERS_AT_ONCE) return showPageStreamed(store, directory, { asked, wants });

  const withGroups = await groupsFor(reader, records, wants);
  const shown: Shown[] = [];
  for (const record of records) {
    shown.push({
      ...withGroups(record),
      ...(wants(record, 'members') ? { members: await membersOf(reader, record) } : {}),
    });
  }
  return { total, shown };
}

/** Whether the view shows this attribute of a record of its type. */
type Wants = (record: StoredRecord, attribute: string) => boolean;

/** One look-up for all the groups that a page shows. */
async function groupsFor(
  reader: Reader,
  records: readonly StoredRecord[],
  wants: Wants,
): Promise<(record: StoredRecord) => Shown> {
  const unknown = records.filter((record) => record.groups === undefined && wants(record, 'groups'));
  const found = unknown.length === 0 ? undefined : await reader.groupsOf(unknown.map(({ id }) => id));
  return (record) =>
    wants(record, 'groups') ? { record, groups: record.groups ?? found?.get(record.id) ?? [] } : { record };
}

/** The page read again on a snapshot, so that records and members agree however long the reply takes. */
async function showPageStreamed(
  store: DirectoryStore,
  directory: string,
  { asked, wants }: { asked: AskedPage; wants: Wants },
): Promise<Pick<Extract<Outcome, { kind: 'listed' }>, 'total' | 'shown' | 'release'>> {
  const snapshot = await store.snapshot(directory);
  try {
    const { total, records } = await snapshot.page(asked.types, asked.query, asked.context);
    const withGroups = await groupsFor(snapshot, records, wants);
    const shown = records.map((record) => ({
      ...withGroups(record),
      ...(wants(record, 'members') ? { members: pieces(snapshot, record.id) } : {}),
    }));
    return { total, shown, release: () => snapshot.release() };
  } catch (error) {
    snapshot.release();
    throw error;
  }
}

function membersOf(reader: Reader, record: StoredRecord): Promise<readonly Member[]> | readonly Member[] {
  return record.memberCount === 0 ? [] : reader.members(record.id, undefined, MEMBERS_AT_ONCE);
}

/** Members of a piece: each waits in memory until its client has read it, and a member's name may be 64 KiB. */
const MEMBERS_IN_A_PIECE = 200;

async function* pieces(snapshot: Snapshot, group: string): AsyncGenerator<readonly Member[]> {
  let after: string | undefined;
  for (;;) {
    const members = await snapshot.members(group, after, MEMBERS_IN_A_PIECE);
    if (members.length > 0) yield members;
    if (members.length < MEMBERS_IN_A_PIECE) return;
    after = members.at(-1)?.value;
    await turn();
  }
}

/** Lets other requests have their turn of the event loop between two pieces. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
