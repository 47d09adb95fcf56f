import fc from 'fast-check';
import pg from 'pg';
import { vi } from 'vitest';
import {
  GROUP,
  parseFilter,
  type Query,
  type ResourceType,
  readSortBy,
  resolveFilter,
  type Selection,
  type Target,
  USER,
} from '../../src/scim/index.ts';
import { type ScimReply, scim } from '../harness/index.ts';
import { openTemporary, type Temporary } from '../stores/temporary.ts';
import { userWith } from '../unit/store/declared.ts';
import { filterOf } from '../unit/store/filters.ts';
import { CONTEXT, user as madeUser, put } from '../unit/store/fixture.ts';
import { type Customer, crowd, GROUP as GROUP_URN, user, type World } from './world.ts';

/** A statement as PostgreSQL was sent it. */
export interface Asked {
  readonly sql: string;
  readonly values: readonly unknown[];
}

/** Every statement that goes to PostgreSQL while this runs, each text once, with the values it had first. */
export async function askedWhile(work: () => Promise<void>): Promise<readonly Asked[]> {
  const query = vi.spyOn(pg.Client.prototype, 'query');
  try {
    await work();
    const asked = new Map<string, Asked>();
    for (const [given, values] of query.mock.calls as unknown[][]) {
      const { text, values: inside } = typeof given === 'string' ? { text: given, values } : (given as pg.QueryConfig);
      if (!asked.has(text)) asked.set(text, { sql: text, values: (inside ?? []) as unknown[] });
    }
    return [...asked.values()];
  } finally {
    query.mockRestore();
  }
}

/** All kinds of requests, so that the store asks all that it can ask: what it composes for filters comes beside it. */
export async function everyRequest({ server, acme, globex }: World): Promise<void> {
  const people = await crowd(acme, 'everyone', 12);
  await globex.user('everyone-0', { externalId: '00u-0' });
  const long = 'x'.repeat(2_000);
  const [first = '', second = '', third = ''] = people;
  const team = await acme.group('Team', people);
  const inner = await acme.group('Inner', [first]);
  await globex.group('Team');
  const replies: ScimReply[] = [
    await acme.patch(`/Groups/${team.id}`, [{ op: 'add', path: 'members', value: [{ value: inner.id }] }]),
    await acme.put(
      `/Users/${first}`,
      user('everyone-0', { externalId: '00u-0', emails: [{ value: 'a@example.com' }] }),
    ),
    await acme.put(`/Users/${second}`, user('renamed', { externalId: long, displayName: long, active: false })),
    await acme.patch(`/Users/${first}`, [{ op: 'replace', path: 'title', value: 'x' }]),
    await acme.patch(`/Users/${first}`, [{ op: 'replace', path: 'emails', value: [{ value: 'b@example.com' }] }]),
    await acme.put(`/Groups/${inner.id}`, { schemas: [GROUP_URN], displayName: 'Inner', members: [{ value: second }] }),
    await acme.get(`/Users/${first}`),
    await acme.get(`/Groups/${team.id}`),
    await acme.get(`/Groups/${team.id}?excludedAttributes=members`),
    await acme.get('/Users?startIndex=3&count=2'),
    await acme.get('/Users?startIndex=5&count=2'),
    await acme.get('/Users?count=0'),
    await acme.get('/Users?count=2&cursor='),
    await acme.get('/?count=3'),
    await acme.get('/?count=3&startIndex=4'),
    await acme.post('/.search', { schemas: ['urn:ietf:params:scim:api:messages:2.0:SearchRequest'], filter: 'id pr' }),
    await acme.get('/Groups?count=1'),
  ];
  for (const filter of [`value eq "${first}" or display sw "x"`, 'type eq "User" and not ($ref co "x")']) {
    replies.push(await acme.patch(`/Groups/${team.id}`, [{ op: 'remove', path: `members[${filter}]` }]));
  }
  // Members that an operation before has added, and those whose names are long.
  replies.push(
    await acme.patch(`/Groups/${inner.id}`, [
      { op: 'add', path: 'members', value: [{ value: first }, { value: second }] },
      { op: 'remove', path: 'members[display sw "nobody"]' },
    ]),
  );
  const all = await crowd(acme, 'large', 1_010);
  const members = (ids: readonly string[]) => ids.map((value) => ({ value }));
  replies.push(
    await acme.post('/Groups', { schemas: [GROUP_URN], displayName: 'Large', members: members(all) }),
    await acme.put(`/Groups/${team.id}`, { schemas: [GROUP_URN], displayName: 'Team', members: members(all.slice(5)) }),
    await acme.delete(`/Users/${all[7]}`),
    await acme.delete(`/Groups/${inner.id}`),
  );
  for (const { status, text } of replies) if (status >= 300) throw new Error(text);
  // What is refused is noted, and names who was removed.
  for (const refused of [
    await acme.post('/Users', user('RENAMED-2', { externalId: '00u-0' })),
    await acme.post('/Users', user('everyone-0')),
    await acme.delete(`/Users/${all[7]}`),
    await acme.patch(`/Groups/${team.id}`, [{ op: 'add', path: 'members', value: [{ value: all[7] }] }]),
  ]) {
    if (refused.status < 400) throw new Error(refused.text);
  }
  const bulk = { schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'], Operations: [] as object[] };
  bulk.Operations.push({ method: 'POST', path: '/Users', bulkId: 'a', data: user('in bulk') });
  bulk.Operations.push({ method: 'PATCH', path: `/Users/${third}`, data: PATCH });
  await acme.post('/Bulk', bulk);
  const read = await server.mint('reads', { organization: 'acme', scope: 'read' });
  await scim(read).get('/Users?filter=userName%20co%20%22x%22');
}

const PATCH = {
  schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
  Operations: [{ op: 'replace', path: 'active', value: false }],
};

/** What the store asks for filters that every way of finding serves, and for many at random, in every order; and of its own. */
export async function everyFilter(customer: Pick<Customer, 'directory'>): Promise<readonly Asked[]> {
  const temporary = await openTemporary('postgres');
  try {
    return await askedWhile(async () => {
      await ask(temporary, customer.directory);
      await maintain(temporary, customer.directory);
    });
  } finally {
    await temporary.end();
  }
}

async function ask({ store }: Temporary, directory: string): Promise<void> {
  await put(store, directory, madeUser('one'));
  const snapshot = await store.snapshot(directory);
  for (const [type, texts] of [
    [USER, OF_USERS],
    [GROUP, OF_GROUPS],
  ] as const) {
    const random = fc.sample(filterOf(type, ['x']), { numRuns: 60, seed: 8 });
    const named = texts.map((text) => resolveFilter(parseFilter(text, EXACTLY), type, EXACTLY));
    for (const filter of [...named, ...random]) {
      for (const { sorted, after, ...selected } of ordersOf(type)) {
        const selection: Selection = { type, view: {}, filter, ...selected };
        const query = { startIndex: 1, count: 10, ...(sorted ? { sorted } : {}), ...(after ? { after } : {}) };
        await store.reader(directory).page([selection], query, CONTEXT);
      }
    }
    await snapshot.page([{ type, view: {}, filter: named[0] as NonNullable<Selection['filter']> }], FIRST, CONTEXT);
  }
  snapshot.release();
  for (const text of ['userName eq "one"', 'externalId eq "x"', 'id eq "x"']) {
    const selection: Selection = {
      type: USER,
      view: {},
      filter: resolveFilter(parseFilter(text, EXACTLY), USER, EXACTLY),
    };
    // What is asked at once may share a statement.
    await Promise.all([1, 2].map(() => store.reader(directory).page([selection], FIRST, CONTEXT)));
  }
  await store.changesAfter(directory, 0, 10);
  await store.failures(directory);
  await history(store, directory);
  await rules(store, directory);
  await store.health();
}

async function history(store: Temporary['store'], directory: string): Promise<void> {
  const reader = store.history(directory);
  await reader.span();
  await reader.at(1);
  await reader.range({ first: 1, last: 10 }, { about: directory });
  await reader.ofSubject(directory, { before: 10, limit: 10 });
}

/** What the rules of a directory are asked for, and what they leave. */
async function rules(store: Temporary['store'], directory: string): Promise<void> {
  const at = new Date().toISOString();
  const by = { kind: 'operator', id: 'o1', name: 'Operator' } as const;
  const [there, gone] = [madeUser('there'), madeUser('gone')];
  await store.write(directory, async (transaction) => {
    await transaction.commit({ by, requestId: 'r1', at, changes: [there.change, gone.change] });
    await transaction.exclusively('activating');
    await transaction.userCounts();
    await transaction.anotherHasRole({ role: 'admin', groups: ['admins'], except: there.id });
    await transaction.deprovisionings({ what: 'users', since: at });
    await transaction.recordDeprovisioning({ what: 'users', subject: there.id, at, count: 1, baseline: 2 });
    await transaction.guardState();
    await transaction.standingHold('User', there.id);
    const hold = { id: 'h1', type: 'User', subject: there.id, label: 'there', why: 'Many at once.', by };
    await transaction.recordHold({ ...hold, work: { kind: 'deactivate' }, requestId: 'r1', at });
    await transaction.decideHolds(['h1'], { state: 'approved', by, at });
    const changes = [
      { kind: 'password', record: there.record, hash: 'hash' },
      { kind: 'owner', record: there.record, owned: false },
      { kind: 'removed', before: gone.record, memberOf: [] },
    ] as const;
    await transaction.commit({ by, requestId: 'r2', at, changes });
  });
  await store.userCounts(directory);
  await store.passwordOf(directory, there.id);
  await store.setGuardState(directory, { since: at });
  await store.guardState(directory);
  await store.holds(directory, { states: ['open', 'approved'], after: undefined, limit: 10 });
  await store.holdById('h1');
}

const FIRST = { startIndex: 1, count: 10 };

/** What is filled in, and taken out again, of attributes that are declared indexed. */
async function maintain({ store, database }: Temporary, directory: string): Promise<void> {
  await store.createOrganization({ id: 'o1', slug: 'acme', name: 'Acme', created: '2026' }, [
    { id: directory, organization: 'o1', application: 'app', created: '2026' },
  ]);
  for (const type of [userWith({ badge: { indexed: true } }), userWith({ badge: {} })]) {
    await store.declare([{ application: 'app', types: [type] }]);
    await vi.waitFor(async () => {
      const left = await database.rows("SELECT 1 FROM fills WHERE state <> 'done'");
      if (left.length > 0) throw new Error('not filled in yet');
    }, 10_000);
  }
}

interface Order extends Pick<Query, 'after' | 'sorted'> {
  readonly sortBy?: Target;
}

/** In order of creation, and by what an index has in order, what a row has, and what none of its columns has. */
function ordersOf(type: ResourceType): readonly Order[] {
  const sortings = ['meta.created', 'externalId', 'emails.value'].flatMap((path) => readSortBy(type, path) ?? []);
  return [
    {},
    { after: [] },
    { after: [0, 7] },
    ...sortings.map((sortBy) => ({ sortBy, sorted: 'descending' as const, after: [] })),
    ...sortings.map((sortBy) => ({ sortBy, sorted: 'ascending' as const })),
  ];
}

const EXACTLY = { unquotedValues: false };
const OF_USERS = [
  'id eq "x"',
  'userName eq "x"',
  'externalId eq "x"',
  'displayName eq "x"',
  'active eq false',
  'emails.value eq "x"',
  'emails[type eq "work" and value eq "x"]',
  'meta.created gt "2026-11-21T00:00:00Z"',
  'meta.lastModified le "2026-11-21T00:00:00Z"',
  'groups.value eq "x"',
  'groups.display sw "x" or groups.$ref co "x" or groups.type eq "direct"',
  'userName eq "x" or title pr',
  'not (userName eq "x")',
  'title co "x" and (userName eq "x" or active eq true)',
];
const OF_GROUPS = [
  'displayName eq "x"',
  'members.value eq "x"',
  'members[display eq "x" or type eq "User"]',
  'members pr',
];
