import type { NewRecord } from '../src/directory/index.ts';
import { withId } from '../src/directory/propose.ts';
import { GROUP, type ResourceType, readResource, replaceResource, TOLERANT, USER } from '../src/scim/index.ts';
import { type Columns, columnsOf } from '../src/store/columns.ts';
import { type Key, keysOf } from '../src/store/keys.ts';
import { userBody } from './people.ts';
import { part } from './world.ts';

/** What a database is filled with. */
export interface Seeding {
  readonly users: number;
  readonly groups: readonly SeededGroup[];
  /** When the last of them is said to have come, in ms: the one before it a ms before. */
  readonly now: number;
}

export interface SeededGroup {
  readonly id: string;
  readonly displayName: string;
  /** Indexes of people, ascending. */
  readonly members: readonly number[];
}

/** A UUIDv7, as the server gives them: of the moment `index` ms after the beginning of 2026. */
export function seededId(index: number): string {
  return uuidAt(Date.UTC(2026, 0, 1), index);
}

/** After all people. */
export function seededGroupId(index: number): string {
  return uuidAt(Date.UTC(2026, 6, 1), index);
}

function uuidAt(since: number, index: number): string {
  const time = (since + index).toString(16).padStart(12, '0');
  const [high, low] = [scatter(index, 2_654_435_761), scatter(index, 2_246_822_519)];
  return `${time.slice(0, 8)}-${time.slice(8)}-7${high.slice(0, 3)}-8${high.slice(3, 6)}-${high.slice(6)}${low}${low.slice(0, 2)}`;
}

/** Eight hexadecimal digits that do not look like those of the next one. */
function scatter(index: number, factor: number): string {
  return (Math.imul(index + 1, factor) >>> 0).toString(16).padStart(8, '0');
}

const SMALL = { most: 1000, members: 10 };
const BIG = 3;
const MEMBERS_OF_ONE = 1000;

/** The groups that members are added to (worlds.ts), and those that give every user some. */
export function groupsOf(
  users: number,
  { groups, groupsEach }: { groups: boolean; groupsEach: number },
): Readonly<Record<'small' | 'big' | 'each', readonly SeededGroup[]>> {
  let made = 0;
  const group = (displayName: string, members: readonly number[]): SeededGroup => {
    made += 1;
    return { id: seededGroupId(made - 1), displayName, members: [...new Set(members)].sort((a, b) => a - b) };
  };
  const joiners = part(users, 0.6, 0.8);
  const leaders = part(users, 0.8, 0.9);
  return {
    small: numbers(groups ? Math.min(SMALL.most, users / 2) : 0).map((index) =>
      group(
        `Team ${index}`,
        numbers(SMALL.members).map((nth) => joiners.first + ((index * SMALL.members + nth) % joiners.count)),
      ),
    ),
    big: numbers(groups ? BIG : 0).map((index) =>
      group(
        `Region ${index}`,
        numbers(leaders.count).map((nth) => leaders.first + nth),
      ),
    ),
    each: numbers(groupsEach).flatMap((nth) =>
      spread(users, nth).map((members, index) => group(`Circle ${nth}.${index}`, members)),
    ),
  };
}

/** Whom somebody is in a group with differs from one of their groups to the next. */
function spread(users: number, nth: number): readonly number[][] {
  const groups = Array.from({ length: Math.ceil(users / MEMBERS_OF_ONE) }, (): number[] => []);
  for (let index = 0; index < users; index += 1) groups[Math.floor(index / 7 ** nth) % groups.length]?.push(index);
  return groups;
}

function numbers(count: number): readonly number[] {
  return [...Array(Math.floor(count)).keys()];
}

/** What the store has of people whose bodies differ in nothing but their number: see `fillIn`. */
export interface Pattern {
  readonly columns: Columns;
  readonly text: string;
  readonly keys: readonly Key[];
}

/** After so many people names and departments come again in the same order. */
export const PATTERNS = 12 * 10 * 7;

/** Where the person's id and number stand in a text. A number that had zeros before it is as wide for everybody. */
export const MARKS = { id: '§id§', wide: '§17§', phone: '§07§', number: '§no§' } as const;

/** Of the people whose index is `nth`, `nth + PATTERNS`, `nth + 2 * PATTERNS` … */
export function patternOf(nth: number): Pattern {
  // Six digits that stand for nothing else in a body.
  const index = 904 * PATTERNS + nth;
  const { text, columns, keys } = recordOf(USER, userBody(index), MARKS.id);
  const cut = (value: string): string =>
    value
      .replaceAll(String(index).padStart(17, '0'), MARKS.wide)
      .replaceAll(String(index).padStart(7, '0'), MARKS.phone)
      .replaceAll(String(index), MARKS.number);
  return {
    text: cut(text),
    columns: {
      ...columns,
      nameKey: cut(columns.nameKey),
      externalId: cut(columns.externalId ?? ''),
      shape: cut(columns.shape),
    },
    keys: keys.map(({ name, value }) => ({ name, value: cut(value) })),
  };
}

export interface SeededRecord {
  readonly text: string;
  readonly columns: Columns;
  readonly keys: readonly Key[];
}

export function groupRecord({ id, displayName }: SeededGroup): SeededRecord {
  return recordOf(GROUP, { schemas: [GROUP.schema.id], displayName }, id);
}

/** What a POST of this body stores. */
function recordOf(type: ResourceType, body: Record<string, unknown>, id: string): SeededRecord {
  const draft = readResource(type, JSON.parse(JSON.stringify(body)), TOLERANT);
  const resource = withId(replaceResource(type, undefined, draft, TOLERANT), id);
  const text = JSON.stringify(resource);
  const record: NewRecord = { type, id, version: 1, created: '', modified: '', resource, text };
  const columns = columnsOf(record);
  return { text, columns, keys: keysOf(type, columns.folded) };
}

/** Rows of history that a group's members take: at most a thousand of them each. */
export function memberLists({ members }: SeededGroup): readonly (readonly number[])[] {
  const lists: (readonly number[])[] = [];
  for (let from = 0; from < members.length; from += 1000) lists.push(members.slice(from, from + 1000));
  return lists;
}
