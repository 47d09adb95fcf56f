import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  declaredSchema,
  type Filter,
  GROUP,
  GROUP_SHARING_NAMES,
  parseFilter,
  type ResourceType,
  readSortBy,
  resolveFilter,
  type Target,
  USER,
} from '../../../src/scim/index.ts';
import { DELETE_RESOURCE, OWN, RENAME_RESOURCE, UPDATE_RESOURCE } from '../../../src/store/sqlite/commit.ts';
import { type Connection, openConnection } from '../../../src/store/sqlite/connection.ts';
import { FORGET, SET_BACK, WINDOW_BEGIN, WINDOW_END } from '../../../src/store/sqlite/deprovisionings.ts';
import { FEW_MEMBERSHIPS_OF_MANY, GROUPS_AFTER, SHORT_LABELS_OF_MANY } from '../../../src/store/sqlite/groups.ts';
import { GUARD } from '../../../src/store/sqlite/guards.ts';
import { CHANGES_AFTER } from '../../../src/store/sqlite/history.ts';
import { FORGET_CHANGES, OLDEST_CHANGES } from '../../../src/store/sqlite/history-forget.ts';
import {
  CHANGE_AT,
  CHANGES_IN,
  CHANGES_OF,
  FIRST_CHANGE,
  LAST_CHANGE,
} from '../../../src/store/sqlite/history-read.ts';
import {
  BUMP,
  DECIDE,
  HOLD_BY_ID,
  HOLDS_IN_STATE,
  OLD_HOLDS,
  STANDING_HOLD,
  SURPLUS_HOLDS,
} from '../../../src/store/sqlite/holds.ts';
import { LABEL_OF } from '../../../src/store/sqlite/label.ts';
import {
  BLOCKS,
  LEFT_IN_BLOCK,
  PAGE_AFTER,
  RANK_IN_BLOCK,
  TOTAL,
  TOTAL_OF_BLOCKS,
} from '../../../src/store/sqlite/list.ts';
import {
  MEMBERS_AFTER,
  RECORD_BY_EXTERNAL_ID,
  RECORD_BY_ID,
  RECORD_BY_NAME,
} from '../../../src/store/sqlite/lookup.ts';
import { MEMBER_OF_AFTER } from '../../../src/store/sqlite/member-of.ts';
import { MEMBER_IDS_AFTER, PRESENT_AMONG, TYPES_AMONG } from '../../../src/store/sqlite/members.ts';
import { KEYS_AMONG, LABEL_KEY, MEMBER_COUNT, MEMBER_KEYS_AFTER } from '../../../src/store/sqlite/members-matching.ts';
import { GROUPS_WITH, SETTLE_GROUP } from '../../../src/store/sqlite/memberships.ts';
import { RECORDS_BY_IDS } from '../../../src/store/sqlite/page.ts';
import { PASSWORD_OF } from '../../../src/store/sqlite/passwords.ts';
import { type Plan, type Planned, plan } from '../../../src/store/sqlite/plan.ts';
import { ANOTHER_BY_GROUP, ANOTHER_BY_VALUE } from '../../../src/store/sqlite/roles.ts';
import { RECORDS_BY_NUMBER } from '../../../src/store/sqlite/search.ts';
import { USER_COUNTS } from '../../../src/store/sqlite/tally.ts';
import { CONTEXT, DIRECTORY, openTemporary, type Temporary } from './fixture.ts';

let temporary: Temporary;
let connection: Connection;
beforeAll(async () => {
  temporary = await openTemporary();
  connection = openConnection(temporary.file, { readOnly: true });
});
afterAll(async () => {
  connection.close();
  await temporary.end();
});

/** The steps of SQLite's plan. A SCAN of `json_each` reads a list that came with the request, or one resource's values. */
function steps(sql: string): string[] {
  const plan = connection.database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all();
  return plan
    .map(({ detail }) => String(detail))
    .filter((detail) => !/^SCAN (wanted|[es] EXISTS|x EXISTS) VIRTUAL TABLE/.test(detail));
}

/** SQLite would plan it anew at each use. */
const BARE_LIMIT = /LIMIT \?\d*(?!\d| \+ 0)/;

/** What a subquery does stands below its heading; its rows are then read as they come. */
const HEADING = /^(CORRELATED SCALAR SUBQUERY \d+|CO-ROUTINE \(subquery-\d+\)|SCAN \(subquery-\d+\))$/;

describe('every statement of a request is a search in an index, sorted as the index is', () => {
  test.each(
    Object.entries({
      RECORD_BY_ID,
      RECORD_BY_NAME,
      RECORD_BY_EXTERNAL_ID,
      GROUPS_AFTER,
      FEW_MEMBERSHIPS_OF_MANY,
      SHORT_LABELS_OF_MANY,
      LABEL_OF,
      MEMBERS_AFTER,
      MEMBER_COUNT,
      MEMBER_KEYS_AFTER,
      KEYS_AMONG,
      LABEL_KEY,
      MEMBER_IDS_AFTER,
      MEMBER_OF_AFTER,
      PRESENT_AMONG,
      TYPES_AMONG,
      GROUPS_WITH,
      SETTLE_GROUP,
      UPDATE_RESOURCE,
      RENAME_RESOURCE,
      DELETE_RESOURCE,
      PAGE_AFTER,
      TOTAL,
      BLOCKS,
      TOTAL_OF_BLOCKS,
      RANK_IN_BLOCK,
      LEFT_IN_BLOCK,
      CHANGES_AFTER,
      FIRST_CHANGE,
      LAST_CHANGE,
      CHANGE_AT,
      CHANGES_IN,
      CHANGES_OF,
      OLDEST_CHANGES,
      FORGET_CHANGES,
      OWN,
      USER_COUNTS,
      PASSWORD_OF,
      GUARD,
      WINDOW_BEGIN,
      WINDOW_END,
      SET_BACK,
      STANDING_HOLD,
      BUMP,
      HOLDS_IN_STATE,
      HOLD_BY_ID,
      ANOTHER_BY_VALUE,
      ANOTHER_BY_GROUP,
    }),
  )('%s', (_, sql) => {
    const found = steps(sql).filter((step) => !HEADING.test(step));
    expect(found).not.toEqual([]);
    for (const step of found) expect(step).toMatch(/^SEARCH \w+ USING (COVERING )?(INDEX|PRIMARY KEY)/);
    expect(sql).not.toMatch(BARE_LIMIT);
  });

  test('RECORDS_BY_IDS goes by id', () => {
    expect(steps(RECORDS_BY_IDS)).toContain('SEARCH r USING INDEX resources_id (directory=? AND id=?)');
  });

  test('RECORDS_BY_NUMBER goes by row number', () => {
    expect(steps(RECORDS_BY_NUMBER)).toContain('SEARCH r USING INTEGER PRIMARY KEY (rowid=?)');
  });

  test.each(Object.entries({ FORGET, DECIDE, SURPLUS_HOLDS, OLD_HOLDS }))('%s, and its list by another', (_, sql) => {
    const found = steps(sql).filter((step) => !/^(LIST|CORRELATED) SUBQUERY|^SCAN wanted/.test(step));
    expect(found.length).toBeGreaterThan(0);
    for (const step of found)
      expect(step).toMatch(/^SEARCH \w+ USING (COVERING )?(INDEX|PRIMARY KEY|INTEGER PRIMARY KEY)/);
  });

  test('a window of the guard is read from its index alone, a role from who has it', () => {
    expect(steps(WINDOW_BEGIN)).toEqual([
      'SEARCH deprovisionings USING INDEX deprovisionings_at (directory=? AND what=? AND at>?)',
    ]);
    expect(steps(STANDING_HOLD)).toEqual([
      'SEARCH holds USING INDEX holds_standing (directory=? AND type=? AND subject=?)',
    ]);
    expect(steps(HOLDS_IN_STATE)).toEqual(['SEARCH holds USING INDEX holds_state (directory=? AND state=? AND id>?)']);
    expect(steps(ANOTHER_BY_VALUE)[0]).toBe(
      'SEARCH k USING PRIMARY KEY (directory=? AND type=? AND attribute=? AND value=?)',
    );
    expect(steps(ANOTHER_BY_GROUP)).toEqual([
      'SEARCH g USING INDEX resources_name (directory=? AND type=? AND name_key=?)',
      'SEARCH m USING PRIMARY KEY (directory=? AND group_id=?)',
      'SEARCH r USING INDEX resources_id (directory=? AND id=?)',
    ]);
  });

  test('history of a subject is in an index of its own', () => {
    const sql = 'SELECT seq FROM changes WHERE directory = ? AND subject = ? AND seq > ? ORDER BY seq';
    expect(steps(sql)).toEqual([
      'SEARCH changes USING COVERING INDEX changes_subject (directory=? AND subject=? AND seq>?)',
    ]);
  });

  test('a look at the whole table would be seen', () => {
    expect(steps("SELECT id FROM resources WHERE label = 'x' ORDER BY text")).toEqual([
      'SCAN resources',
      'USE TEMP B-TREE FOR ORDER BY',
    ]);
  });
});

const PLANNED = { directory: DIRECTORY, base: CONTEXT.base, ready: () => true };

const filterOf = (type: ResourceType, text: string): Filter<Target> =>
  resolveFilter(parseFilter(text, { unquotedValues: false }), type, { unquotedValues: false });

const planOf = (type: ResourceType, text: string, ready: Planned['ready'] = PLANNED.ready): Plan =>
  plan({ ...PLANNED, ready, selection: { index: 0, type, filter: filterOf(type, text) } });

const target = (type: ResourceType, path: string): Target => {
  const found = readSortBy(type, path);
  if (found === undefined) throw new Error(`no ${path}`);
  return found;
};

const sorting = (type: ResourceType, path: string, given: Partial<Planned> = {}): Plan => {
  const selection = { index: 0, type, sortBy: target(type, path) };
  return plan({ ...PLANNED, selection, sorted: 'ascending', limit: 10, ...given });
};

test('labels are read once a membership, whatever is asked of them, and not where nothing is', () => {
  const looks = (text: string) => steps(planOf(GROUP, text).find.sql).filter((step) => step.startsWith('SEARCH t '));
  const terms = Array.from({ length: 200 }, (_, index) => `display co "${index}"`).join(' or ');
  expect(looks(`id eq "g" and members[${terms}]`)).toHaveLength(1);
  expect(looks('id eq "g" and members[value eq "u" and type eq "User"]')).toEqual([]);
});

describe('an index serves', () => {
  test.each([
    ['User', 'id eq "x"', 'r USING INDEX resources_id (directory=? AND id=?)'],
    ['User', 'userName eq "x"', 'r USING INDEX resources_name (directory=? AND type=? AND name_key=?)'],
    ['User', 'externalId eq "x"', 'r USING INDEX resources_external_id (directory=? AND type=? AND external_id=?)'],
    [
      'User',
      'displayName eq "x"',
      'r USING COVERING INDEX resources_display (directory=? AND type=? AND display_key=?)',
    ],
    ['Group', 'displayName eq "x"', 'r USING INDEX resources_name (directory=? AND type=? AND name_key=?)'],
    ['User', 'active eq false', 'r USING INDEX resources_inactive (directory=? AND type=?)'],
    ['User', 'emails.value eq "x"', 'k USING PRIMARY KEY (directory=? AND type=? AND attribute=? AND value=?)'],
    ['User', 'emails eq "x"', 'k USING PRIMARY KEY (directory=? AND type=? AND attribute=? AND value=?)'],
    [
      'User',
      'emails[type eq "work" and value eq "x"]',
      'k USING PRIMARY KEY (directory=? AND type=? AND attribute=? AND value=?)',
    ],
    [
      'User',
      'meta.lastModified gt "2026-11-21T00:00:00Z"',
      'r USING INDEX resources_modified (directory=? AND type=? AND modified>?)',
    ],
    [
      'User',
      'meta.created le "2026-11-21T00:00:00Z"',
      'r USING INDEX resources_created (directory=? AND type=? AND created<?)',
    ],
    ['User', 'groups.value eq "g"', 'd USING PRIMARY KEY (directory=? AND group_id=?)'],
    ['User', 'groups[value eq "g"]', 'd USING PRIMARY KEY (directory=? AND group_id=?)'],
    ['Group', 'members.value eq "u"', 'd USING COVERING INDEX memberships_member (directory=? AND member_id=?)'],
    ['Group', 'id eq "g" and members.value eq "u"', 'r USING INDEX resources_id (directory=? AND id=?)'],
    [
      'User',
      'title co "x" and (active eq true and userName eq "x")',
      'r USING INDEX resources_name (directory=? AND type=? AND name_key=?)',
    ],
    [
      'User',
      'meta.lastModified gt "2026-11-21T00:00:00Z" and externalId eq "x"',
      'r USING INDEX resources_external_id (directory=? AND type=? AND external_id=?)',
    ],
  ])('%s, %s', (name, text, step) => {
    const { find, probe } = planOf(name === 'User' ? USER : GROUP, text);
    expect(steps(find.sql)[0]).toBe(`SEARCH ${step}`);
    expect(steps(find.sql).filter((one) => one.startsWith('SCAN'))).toEqual([]);
    expect(steps(probe?.(1).sql ?? '').some((one) => /^SEARCH [rkd] /.test(one))).toBe(true);
    expect(probe?.(1).sql).not.toMatch(BARE_LIMIT);
  });

  const APP = 'urn:example:params:scim:schemas:app:2.0:User';
  const PERSON: ResourceType = {
    ...USER,
    extensions: [
      {
        required: false,
        schema: declaredSchema({
          urn: APP,
          of: 'User',
          attributes: {
            costCenter: { indexed: true },
            badges: { indexed: true, multiValued: true },
            seats: { type: 'integer', indexed: true },
            trial: { type: 'boolean', indexed: true },
            other: {},
          },
        }),
      },
    ],
  };

  test.each(['costCenter eq "R&D"', 'badges eq "x"', 'seats eq 7', 'seats eq 7 and userName co "x"'])(
    'what is declared indexed, once its values are there: %s',
    (text) => {
      const { find } = planOf(PERSON, `${APP}:${text}`);
      expect(steps(find.sql)[0]).toBe(
        'SEARCH k USING PRIMARY KEY (directory=? AND type=? AND attribute=? AND value=?)',
      );
      expect(find.values).toContain(`${APP}:${text.split(' ')[0]}`.toLowerCase());
      expect(planOf(PERSON, `${APP}:${text}`, (name) => name === 'emails.value').probe).toBeUndefined();
    },
  );

  test.each(['other eq "x"', 'trial eq true', 'costCenter ne "x"', 'costCenter sw "x"', 'costCenter eq null'])(
    'not %s of an extension',
    (text) => {
      expect(planOf(PERSON, `${APP}:${text}`).probe).toBeUndefined();
    },
  );

  test.each([
    'userName ne "x"',
    'userName co "x"',
    'userName eq "x" or title eq "y"',
    'not (userName eq "x")',
    'emails[not (value eq "x")]',
    'emails[value eq "x" or type eq "work"]',
    'active eq true',
    'title eq "x"',
    'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department eq "x"',
  ])('not %s, which goes through the type in order of creation', (text) => {
    const { find, probe } = planOf(USER, text);
    expect(probe).toBeUndefined();
    expect(steps(find.sql)[0]).toBe('SEARCH r USING INDEX resources_seq (directory=? AND type=?)');
    expect(steps(find.sql).join()).not.toContain('TEMP B-TREE');
  });

  test('the longest and the deepest filters that are read are also asked', () => {
    const long = Array.from({ length: 256 }, (_, index) => `title eq "${index}"`).join(' or ');
    const deep = `${'not ('.repeat(99)}title eq "x"${')'.repeat(99)}`;
    for (const text of [long, long.replaceAll(' or ', ' and '), deep]) {
      const { find } = planOf(USER, text);
      expect(connection.statement(find.sql).all(...find.values)).toEqual([]);
    }
  });
});

describe('an index has the order', () => {
  const NAME = 'SEARCH r USING COVERING INDEX resources_name (directory=? AND type=?)';
  const CREATED = 'SEARCH r USING COVERING INDEX resources_created (directory=? AND type=?)';
  const MODIFIED = 'SEARCH r USING COVERING INDEX resources_modified (directory=? AND type=?)';
  const ID = 'SEARCH r USING INDEX resources_id (directory=?)';
  // Of one date the first comes first in both directions.
  const TIES = 'USE TEMP B-TREE FOR LAST TERM OF ORDER BY';

  test.each([
    [USER, 'userName', [NAME], [NAME]],
    [GROUP, 'displayName', [NAME], [NAME]],
    [GROUP_SHARING_NAMES, 'displayName', [NAME, TIES], [NAME, TIES]],
    [USER, 'meta.created', [CREATED], [CREATED, TIES]],
    [USER, 'meta.lastModified', [MODIFIED], [MODIFIED, TIES]],
    [USER, 'id', [ID], [ID]],
  ])('$name sorted by %s: nothing else is read or sorted', (type, path, ascending, descending) => {
    expect(steps(sorting(type, path).find.sql)).toEqual(ascending);
    expect(steps(sorting(type, path, { sorted: 'descending' }).find.sql)).toEqual(descending);
    expect(sorting(type, path).inOrder).toBe(true);
  });

  test('and a walk goes on within it', () => {
    const after = { selection: 0, tie: '', key: 'x' };
    for (const [sorted, beyond] of [
      ['ascending', '>'],
      ['descending', '<'],
    ] as const) {
      expect(steps(sorting(USER, 'userName', { sorted, after }).find.sql)).toEqual([
        NAME.replace('?)', `? AND name_key${beyond}?)`),
      ]);
      const dated = sorting(USER, 'meta.created', { sorted, after: { ...after, tie: 1 } });
      expect(steps(dated.find.sql)[0]).toBe(CREATED.replace('?)', `? AND created${beyond}?)`));
    }
  });

  test('a page of what a filter matches is read in it too, until it is full', () => {
    const filter = filterOf(USER, 'title co "x"');
    const selection = { index: 0, type: USER, filter, sortBy: target(USER, 'userName') };
    const { find, inOrder } = plan({ ...PLANNED, selection, sorted: 'ascending', limit: 10 });
    expect(steps(find.sql)).toEqual(['SEARCH r USING INDEX resources_name (directory=? AND type=?)']);
    expect(inOrder).toBe(false);
  });

  test('a walk in order of creation seeks its place', () => {
    const after = { selection: 0, tie: 7 };
    const { find } = plan({ ...PLANNED, selection: { index: 0, type: USER }, after, limit: 10 });
    expect(steps(find.sql)).toEqual(['SEARCH r USING COVERING INDEX resources_seq (directory=? AND type=? AND seq>?)']);
  });

  test.each(['title', 'name.familyName', 'emails', 'externalId', 'displayName', 'active'])(
    'none that of %s',
    (path) => {
      const { find, inOrder } = sorting(USER, path);
      expect(inOrder).toBe(false);
      expect(steps(find.sql)[0]).toBe('SEARCH r USING INDEX resources_seq (directory=? AND type=?)');
      expect(steps(find.sql).at(-1)).toBe('USE TEMP B-TREE FOR ORDER BY');
    },
  );

  test('what a position holds is read from the row', () => {
    for (const path of ['userName', 'emails', 'meta.created']) {
      expect(steps(sorting(USER, path).find.place.sql)).toContain('SEARCH r USING INTEGER PRIMARY KEY (rowid=?)');
    }
  });
});
