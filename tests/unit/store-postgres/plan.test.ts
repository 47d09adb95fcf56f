import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  declaredSchema,
  type Filter,
  GROUP,
  parseFilter,
  type ResourceType,
  readSortBy,
  resolveFilter,
  type Target,
  USER,
} from '../../../src/scim/index.ts';
import { RECORDS_BY_IDS } from '../../../src/store/postgres/page.ts';
import { FOUND, LOOKED_AT, type Planned, plan, type Statement } from '../../../src/store/postgres/plan.ts';
import { CONTEXT } from '../store/fixture.ts';
import { type OpenTables, openTables } from './tables.ts';

let tables: OpenTables;
beforeAll(async () => {
  tables = await openTables();
  for (const sql of ROWS) await tables.write(sql);
});
afterAll(() => tables.end());

const APP = 'urn:example:params:scim:schemas:app:2.0:User';
const PERSON: ResourceType = {
  ...USER,
  extensions: [
    {
      required: false,
      schema: declaredSchema({
        urn: APP,
        of: 'User',
        attributes: { costCenter: { indexed: true }, trial: { type: 'boolean', indexed: true }, other: {} },
      }),
    },
  ],
};

/** 20,000 records of three directories, a twentieth of them groups; each user is in two of its directory's, and each shares its address with three others. */
const ROWS = [
  `INSERT INTO resources (directory, type, id, version, created, modified, active, member_count, name_key, twin,
      external_id, display_key, label, text, shape)
    SELECT 'd' || i % 3, CASE WHEN i % 20 = 0 THEN 'Group' ELSE 'User' END, 'id' || i, 1, 'c' || i, 'm' || i, i % 700 > 0, 0,
      'name' || i, '', 'external' || i, CASE WHEN i % 20 > 0 THEN 'display' || i % 5000 END, 'Label ' || i, '{}',
      jsonb_build_object('title', 't' || i, 'emails', jsonb_build_array(jsonb_build_object('value', 'e' || i % 5000)))
    FROM generate_series(1, 20000) i`,
  `INSERT INTO memberships SELECT u.directory, g.id, u.id, 'User'
    FROM (SELECT *, row_number() OVER (PARTITION BY directory ORDER BY seq) AS n FROM resources WHERE type = 'User') u
    JOIN (SELECT *, row_number() OVER (PARTITION BY directory ORDER BY seq) AS n FROM resources WHERE type = 'Group') g
      ON g.directory = u.directory AND g.n IN (2 + u.n % 300, 2 + (u.n * 7 + 1) % 300)`,
  `INSERT INTO keys (directory, type, attribute, value, subject) SELECT directory, type, name, 'e' || right(id, -2)::int % 5000, id FROM resources,
    unnest('{emails.value,${APP.toLowerCase()}:costcenter}'::text[]) name WHERE type = 'User'`,
];

const DIRECTORY = 'd1';
const PLANNED = { directory: DIRECTORY, base: CONTEXT.base, ready: () => true, startIndex: 1, count: 10 };

const filterOf = (type: ResourceType, text: string): Filter<Target> =>
  resolveFilter(parseFilter(text, { unquotedValues: false }), type, { unquotedValues: false });

const filtering = (type: ResourceType, text: string, given: Partial<Planned> = {}) =>
  plan({ ...PLANNED, chosen: [{ index: 0, type, filter: filterOf(type, text) }], ...given });

const sorting = (type: ResourceType, path: string, given: Partial<Planned> = {}) => {
  const sortBy = readSortBy(type, path);
  if (sortBy === undefined) throw new Error(`no ${path}`);
  return plan({ ...PLANNED, chosen: [{ index: 0, type, sortBy }], sorted: 'ascending', limit: 11, ...given });
};

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Index Cond'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly PlanNode[];
}

interface Looked {
  /** `resources_name by directory,type,name_key_at` */
  readonly seeks: readonly string[];
  /** How many rows of tables and indexes are looked at. */
  readonly rows: number;
}

/** With the role of requests, as row-level security lets it. */
async function looked({ sql, values }: Statement): Promise<Looked> {
  const [[text]] = (await tables.read(DIRECTORY, ({ session }) =>
    session.once(`EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, FORMAT JSON) ${sql}`, values),
  )) as [[string]];
  const [{ Plan: top }] = JSON.parse(text) as [{ Plan: PlanNode }];
  const read = nodesOf(top).filter((node) => node['Index Name'] !== undefined || node['Node Type'] === 'Seq Scan');
  const indexed = read.filter((node) => node['Actual Loops'] > 0);
  return {
    seeks: indexed.map(
      (node) => `${node['Index Name'] ?? node['Node Type']} by ${columnsIn(node['Index Cond']).join()}`,
    ),
    rows: indexed.reduce(
      (sum, node) => sum + (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops'],
      0,
    ),
  };
}

function nodesOf(plan: PlanNode): PlanNode[] {
  return [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];
}

/** `((directory = $1) AND (type = $2) AND (seq > $3))` → directory, type, seq */
function columnsIn(condition = ''): string[] {
  return [...condition.matchAll(/\(([a-z_]+) (?:=|[<>]=?) /g)].map(([, column]) => column as string);
}

const BY_ID = 'resources_pkey by directory,id';
const NAME = 'resources_name by directory,type,name_key_at';
const KEYS = 'keys_pkey by directory,type,attribute,value_at';

describe.each([
  ['a young table', undefined],
  ['a table that was looked at', 'VACUUM ANALYZE'],
])('in %s', (_, before) => {
  beforeAll(async () => {
    if (before !== undefined) await tables.write(before);
  });

  describe('an index serves', () => {
    test.each([
      ['User', 'id eq "id1"', BY_ID, 3],
      ['User', 'userName eq "name1"', NAME, 3],
      ['User', 'externalId eq "external1"', 'resources_external_id by directory,type,external_id_at', 3],
      ['User', 'displayName eq "display1"', 'resources_display by directory,type,display_key_at', 12],
      ['Group', 'displayName eq "name100"', NAME, 3],
      ['User', 'active eq false', 'resources_inactive by directory,type', 40],
      ['User', 'emails.value eq "e1"', KEYS, 12],
      ['User', 'emails[type eq "work" and value eq "e1"]', KEYS, 12],
      ['User', `${APP}:costCenter eq "e1"`, KEYS, 12],
      ['User', 'meta.lastModified lt "2026-11-21T00:00:00Z"', 'resources_modified by directory,type,modified', 3],
      ['User', 'meta.created le "2026-11-21T00:00:00Z"', 'resources_created by directory,type,created', 3],
      ['User', 'groups.value eq "id100"', 'memberships_pkey by directory,group_id', 200],
      ['Group', 'members.value eq "id1"', 'memberships_member by directory,member_id', 12],
      ['Group', 'id eq "id100" and members.value eq "id1"', BY_ID, 6],
      ['User', 'title co "x" and (active eq true and userName eq "name1")', NAME, 3],
      ['User', 'meta.lastModified gt "2026-11-21T00:00:00Z" and emails.value eq "e1"', KEYS, 12],
      ['User', 'userName eq "name1" and groups.display co "a"', NAME, 12],
    ])('%s, %s', async (name, text, seek, most) => {
      const asked = filtering(name === 'User' ? PERSON : GROUP, text, { most: 1000 });
      expect(asked.driven).toBe(true);
      const { seeks, rows } = await looked(asked);
      expect(seeks).toContain(seek);
      expect(seeks.filter((one) => one !== seek && one !== BY_ID && !/^memberships_/.test(one))).toEqual([]);
      expect(rows).toBeLessThanOrEqual(most);
      // Where more is left than is looked at, the same without end.
      expect((await looked(filtering(name === 'User' ? PERSON : GROUP, text))).seeks).toContain(seek);
    });

    test('of what an index leaves too much of, a bounded part is looked at', async () => {
      const asked = filtering(USER, 'meta.created gt "2000-01-01T00:00:00Z" and title co "x"', { most: 100 });
      expect((await looked(asked)).rows).toBeLessThanOrEqual(2 * 101);
      const [row] = await answer(asked);
      expect([row?.[FOUND], row?.[LOOKED_AT]]).toEqual([0, 101]);
    });

    test.each([
      'userName ne "x"',
      'userName co "x"',
      'userName eq "x" or title eq "y"',
      'not (userName eq "x")',
      'emails[not (value eq "x")]',
      'emails[value eq "x" or type eq "work"]',
      'active eq true',
      'title eq "x"',
      `${APP}:other eq "x"`,
      `${APP}:trial eq true`,
      `${APP}:costCenter ne "x"`,
      `${APP}:costCenter eq null`,
    ])('not %s, which goes through the type', async (text) => {
      const asked = filtering(PERSON, text);
      expect(asked.driven).toBe(false);
      const { seeks } = await looked(asked);
      for (const seek of seeks) expect(seek).toMatch(/ by directory(,type|,id)/);
    });

    test('what is declared indexed not before its values are there', () => {
      const ready = (name: string) => name === 'emails.value';
      expect(filtering(PERSON, `${APP}:costCenter eq "e1"`, { ready }).driven).toBe(false);
      expect(filtering(PERSON, 'emails.value eq "e1"', { ready }).driven).toBe(true);
    });
  });

  describe('an index has the order, of which no more is read than the page', () => {
    const paths = [
      ['User', 'userName', 'resources_sort by directory,type'],
      ['Group', 'displayName', 'resources_sort by directory,type'],
      ['User', 'meta.created', 'resources_created by directory,type'],
      ['User', 'meta.lastModified', 'resources_modified by directory,type'],
      ['User', 'id', 'resources_pkey by directory'],
    ] as const;

    /** Another index seems to serve as well: in a young table those of the type are few. */
    const isYoungById = (path: string) => before === undefined && path === 'id';

    test.each(paths)('%s by %s', async (name, path, seek) => {
      const type = name === 'User' ? USER : GROUP;
      for (const sorted of ['ascending', 'descending'] as const) {
        const asked = sorting(type, path, { sorted });
        expect(asked.inOrder).toBe(true);
        if (isYoungById(path)) continue;
        const { seeks, rows } = await looked(asked);
        expect(seeks.filter((one) => one !== BY_ID)).toEqual([seek]);
        // Of what has the same beginning a few more are read at once, to be sorted; ids are those of all types.
        expect(rows).toBeLessThanOrEqual(100);
      }
    });

    test.each(paths)('%s by %s, and a walk goes on within it', async (name, path, seek) => {
      const type = name === 'User' ? USER : GROUP;
      const key = {
        id: 'id5',
        userName: 'name5',
        displayName: 'name5',
        'meta.created': 'c5',
        'meta.lastModified': 'm5',
      };
      for (const sorted of ['ascending', 'descending'] as const) {
        const asked = sorting(type, path, { sorted, after: { selection: 0, tie: 7, key: key[path] } });
        if (isYoungById(path)) continue;
        const { seeks, rows } = await looked(asked);
        expect(seeks.slice(0, -1)).toEqual([
          `${seek},${{ id: 'id', userName: 'name_sort', displayName: 'name_sort', 'meta.created': 'created', 'meta.lastModified': 'modified' }[path]}`,
        ]);
        expect(rows).toBeLessThanOrEqual(100);
      }
    });

    test('a walk in order of creation seeks its place', async () => {
      const after = { selection: 0, tie: 700 };
      const asked = filtering(USER, 'title pr', { after, limit: 11 });
      const { seeks, rows } = await looked(asked);
      expect(seeks).toEqual(['resources_seq by directory,type,seq', BY_ID]);
      expect(rows).toBeLessThanOrEqual(21);
    });

    test.each(['title', 'name.familyName', 'emails', 'externalId', 'displayName', 'active'])(
      'none that of %s',
      (path) => {
        expect(sorting(USER, path).inOrder).toBe(false);
      },
    );
  });

  test('labels are read once a membership, whatever is asked of them, and not where nothing is', async () => {
    const terms = Array.from({ length: 200 }, (_, index) => `display co "${index}x"`).join(' or ');
    const one = await looked(filtering(GROUP, `id eq "id100" and members[${terms}]`, { most: 1000 }));
    const members = one.seeks.filter((seek) => seek.startsWith('memberships_'));
    expect(members).toEqual(['memberships_pkey by directory,group_id']);
    expect(one.seeks.filter((seek) => seek === BY_ID)).toHaveLength(3);
    const none = await looked(
      filtering(GROUP, 'id eq "id100" and members[value eq "u" and type eq "User"]', { most: 9 }),
    );
    expect(none.seeks.filter((seek) => seek === BY_ID)).toHaveLength(2);
  });

  test('RECORDS_BY_IDS goes by id', async () => {
    const { seeks, rows } = await looked({ sql: RECORDS_BY_IDS, values: [DIRECTORY, ['id1', 'id4', 'id7']] });
    expect(seeks).toEqual([BY_ID]);
    expect(rows).toBe(3);
  });
});

test('the longest and the deepest filters that are read are also asked', async () => {
  const long = Array.from({ length: 255 }, (_, index) => `title eq "${index}"`).join(' or ');
  const deep = `${'not ('.repeat(98)}title eq "t1"${')'.repeat(98)}`;
  for (const text of [long, long.replaceAll(' or ', ' and '), deep]) {
    const [row] = await answer(filtering(USER, `userName eq "name1" and (${text})`, { most: 1000 }));
    expect(row?.[LOOKED_AT]).toBe(1);
    expect(row?.[FOUND]).toBe(text === deep ? 1 : 0);
  }
});

const answer = ({ sql, values }: Statement) => tables.read(DIRECTORY, ({ session }) => session.once(sql, values));
