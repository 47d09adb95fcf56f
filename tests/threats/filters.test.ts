import { readdirSync, readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { parseFilter, printFilter, ScimError } from '../../src/scim/index.ts';
import { type ScimClient, type ScimReply, scim } from '../harness/index.ts';
import { peopleOf, worldOfFile } from './file-world.ts';
import { filterTexts, mutated } from './filter-texts.ts';
import { ENTERPRISE, expectRefusal, GROUP, isAlive, isScimError, leavesNoTrace, PATCH_OP, USER } from './world.ts';

const world = await worldOfFile();
const { acme, globex } = world;
const { mine, theirs } = await peopleOf(world);
const SEARCH = 'urn:ietf:params:scim:api:messages:2.0:SearchRequest';

const find = (client: ScimClient, filter: string, more = '', endpoint = '/Users'): Promise<ScimReply> =>
  client.get(`${endpoint}?filter=${encodeURIComponent(filter.toWellFormed())}${more}`);
const search = (filter: string): Promise<ScimReply> => acme.post('/Users/.search', { schemas: [SEARCH], filter });

afterEach(() => vi.restoreAllMocks());

const MANY = 100_000;
const HUGE: readonly (readonly [string, string])[] = [
  ['parentheses', '('.repeat(MANY)],
  ['parentheses that close', `${'('.repeat(MANY)}userName pr${')'.repeat(MANY)}`],
  ['nots', 'not('.repeat(MANY)],
  ['nots that close', `${'not ('.repeat(MANY)}userName pr${')'.repeat(MANY)}`],
  ['brackets', '['.repeat(MANY)],
  ['brackets of attributes', 'emails['.repeat(MANY)],
  ['terms of and', Array.from({ length: MANY }, () => 'id pr').join(' and ')],
  ['terms of or', Array.from({ length: MANY }, () => 'id pr').join(' or ')],
  ['a string of a megabyte', `userName eq "${'a'.repeat(1_000_000)}"`],
  ['a string of a megabyte that does not end', `userName eq "${'\\"'.repeat(500_000)}`],
  ['a name of a megabyte', `${'a'.repeat(1_000_000)} pr`],
  ['a URN of a megabyte', `urn:${'a:'.repeat(500_000)}userName pr`],
  ['a megabyte of spaces', `userName${' '.repeat(1_000_000)}pr`],
  ['digits', `userName eq ${'9'.repeat(1_000_000)}`],
];

describe('T-FIL-01 filters that are too deep or too long', () => {
  test.each(HUGE)('%s: refused before they are read, wherever they stand', async (_, text) => {
    await leavesNoTrace(world, async () => {
      // A URL has its own limit; what is just below that one meets the filter's.
      const whole = await find(acme, text);
      expect([414, 431]).toContain(whole.status);
      expect(whole.body).toMatchObject({ status: String(whole.status), detail: expect.stringMatching(/URL.*\.$/) });
      expectRefusal(await acme.get(`/Users?filter=${encodeURIComponent(text.slice(0, 9000)).slice(0, 16_000)}`), {
        status: 400,
        scimType: 'invalidFilter',
      });
      for (const [path, of] of [
        [text, `/Users/${mine.user.id}`],
        [`emails[${text}]`, `/Users/${mine.user.id}`],
        [`emails[${text}].value`, `/Users/${mine.user.id}`],
        [`members[${text}]`, `/Groups/${mine.group.id}`],
        [`emails[${text.slice(0, 8000)}]`, `/Users/${mine.user.id}`],
      ] as const) {
        const reply = await acme.patch(of, [{ op: 'remove', path }]);
        expectRefusal(reply, { status: [400, 413], ...(reply.status === 400 ? { scimType: INVALID } : {}) });
      }
    });
  });

  test('in the body of a search, too', async () => {
    for (const [, text] of HUGE) expectRefusal(await search(text), { status: [400, 413] });
    for (const [, text] of HUGE) expectRefusal(await search(text.slice(0, 9000)), { status: 400, scimType: INVALID });
  });
});

const INVALID = ['invalidFilter', 'invalidPath'];

describe('T-FIL-02 who is nobody has no filter read', () => {
  const paths = [
    `/Users?filter=${'('.repeat(8000)}`,
    `/Users?filter=${encodeURIComponent('userName eq "a"')}`,
    '/Users?filter=',
    '/Users?filter=%ff&count=abc',
    `/Groups?filter=${'not('.repeat(3000)}`,
  ];
  test.each(['', 'nobody', `${acme.token}x`, globex.token.slice(0, -1)])('with the token "%s"', async (token) => {
    const nobody = scim({ baseUrl: acme.baseUrl, token });
    const replies = await Promise.all(paths.map((path) => nobody.get(path)));
    for (const reply of replies) {
      expectRefusal(reply, { status: 401 });
      expect(reply.text).toBe(replies[0]?.text);
    }
    const body = { schemas: [PATCH_OP], Operations: [{ op: 'remove', path: '('.repeat(MANY) }] };
    expectRefusal(await nobody.patch(`/Users/${mine.user.id}`, body), { status: 401 });
    expectRefusal(await nobody.post('/Users/.search', { schemas: [SEARCH], filter: '('.repeat(MANY) }), {
      status: 401,
    });
  });
});

/** Each holds a word that is in no statement of ours. */
const HOSTILE = [
  "zzq' OR '1'='1",
  "zzq'; DROP TABLE resources; --",
  'zzq" OR "1"="1',
  "zzq\\' OR 1=1 --",
  'zzq%_',
  'zzq*)(uid=*))(|(uid=*',
  '{"$gt":"zzq"}',
  "$.zzq[*]')--",
  'zzq`; SELECT 1',
  'zzq\u2028\u0001',
  "zzq' UNION SELECT token FROM credentials --",
  'zzq") OR deadline() OR ("',
];

describe('T-FIL-03 what means something to a database is a value, or nothing', () => {
  test.each(HOSTILE)('%s', async (text) => {
    const asked = vi.spyOn(DatabaseSync.prototype, 'prepare');
    const quoted = JSON.stringify(text);
    await leavesNoTrace(world, async () => {
      for (const [name, operator] of [
        ...['eq', 'co', 'sw', 'ew', 'gt'].map((one) => ['title', one] as const),
        ...['userName', 'externalId', 'id', 'emails.value', 'displayName', 'groups.value', 'meta.version'].map(
          (one) => [one, 'eq'] as const,
        ),
        [`${ENTERPRISE}:department`, 'co'],
      ]) {
        const reply = await find(acme, `${name} ${operator} ${quoted}`);
        expect(reply, reply.text).toMatchObject({ status: 200, body: { totalResults: name === 'title' ? 0 : 0 } });
        expect(
          (await find(acme, `not (${name} ${operator} ${quoted}) and userName eq "own.member"`)).body,
        ).toMatchObject({
          totalResults: 1,
        });
      }
      expect(
        (await find(acme, `members[value eq ${quoted} or display co ${quoted}]`, '', '/Groups')).body,
      ).toMatchObject({
        totalResults: 0,
      });
      // As a name it is none, and as a URN that of nobody.
      for (const filter of [`${text} eq "x"`, `userName.${text} pr`, `emails[${text} pr]`, `${text}:userName pr`]) {
        expectRefusal(await find(acme, filter), { status: 400, scimType: 'invalidFilter' });
      }
      const encoded = encodeURIComponent(text);
      const plain = await acme.get('/Users?attributes=nope');
      expect((await acme.get(`/Users?attributes=${encoded}`)).text).toBe(plain.text);
      expect((await acme.get(`/Users?excludedAttributes=${encoded}`)).status).toBe(200);
      for (const parameter of ['sortBy', 'sortOrder', 'cursor', 'startIndex', 'count']) {
        const reply = await acme.get(`/Users?${parameter}=${encoded}`);
        // A refusal quotes what was sent, so that words of a database may stand in it.
        expect([200, 400]).toContain(reply.status);
        if (reply.status === 200) expect(reply.body.totalResults).toBe(2);
        else expect(reply.body.scimType).toMatch(/^invalid(Value|Cursor|Count)$/);
      }
    });
    for (const [sql] of asked.mock.calls) expect(sql.toLowerCase()).not.toContain('zzq');
    expect(asked.mock.calls.length).toBeGreaterThan(0);
  });

  test('stored, it is found as itself, and finds nothing else', async () => {
    for (const text of HOSTILE.filter((one) => !/\p{Cc}/u.test(one))) {
      const { id } = await globex.user(text, { title: text, emails: [{ value: text, type: text }] });
      for (const filter of ['userName eq', 'title eq', 'title co', 'emails.value eq', 'emails.type sw'].map(
        (test) => `${test} ${JSON.stringify(text)}`,
      )) {
        const { body } = await find(globex, filter);
        expect({ filter, body }).toMatchObject({ filter, body: { totalResults: 1, Resources: [{ id }] } });
      }
      await globex.delete(`/Users/${id}`);
    }
  });
});

describe('T-FIL-04 names that are no attributes', () => {
  const names = [
    ...['__proto__', '__proto__.polluted', 'constructor', 'constructor.name', 'constructor.prototype', 'prototype'],
    ...[
      'toString',
      'hasOwnProperty',
      'valueOf',
      '$where',
      '$ref',
      '$',
      "a') --",
      '"."',
      '.',
      '..',
      'a.b.c',
      'userName.',
      '.userName',
    ],
    ...[
      'userName;',
      'userName--',
      'userName/**/',
      'user`Name',
      "userName'",
      'json_each',
      'r.body',
      'resources.id',
      'rowid',
      '*',
    ],
    ...[
      'emails.__proto__',
      'emails.constructor',
      `${USER}:__proto__`,
      `${ENTERPRISE}:constructor`,
      ':userName',
      'urn:',
      'a:b',
    ],
    ...[
      'userNаme',
      'ＵserName',
      'userName\u200b',
      'user\u00adName',
      'ｕｓｅｒＮａｍｅ',
      'userName\u0307',
      'ﬁlter',
      'İd',
      'ıd',
    ],
    ...[
      'kept',
      'attribute',
      'seq',
      'number',
      'directory',
      'index',
      'body',
      'before',
      'length',
      '0',
      '1name',
      '-name',
      '_name',
    ],
  ];

  test.each(names)('%s: refused as a name, and no statement has it', async (name) => {
    const asked = vi.spyOn(DatabaseSync.prototype, 'prepare');
    await leavesNoTrace(world, async () => {
      asked.mockClear();
      for (const filter of [`${name} eq "zzq"`, `${name} pr`, `emails[${name} eq "zzq"]`, `not (${name} pr)`]) {
        expectRefusal(await find(acme, filter), { status: 400, scimType: 'invalidFilter' });
      }
      // Who asks is looked up, and nothing more.
      for (const [sql] of asked.mock.calls) expect(sql).not.toMatch(/resources|memberships|keys/);
      for (const path of [name, `emails[${name} eq "zzq"]`, `emails[${name} pr].value`]) {
        const reply = await acme.patch(`/Users/${mine.user.id}`, [{ op: 'replace', path, value: 'zzq' }]);
        expect(reply.status, `${path}: ${reply.text}`).toBe(400);
        expect([...INVALID, 'noTarget', 'mutability']).toContain(reply.body.scimType);
      }
    });
  });
});

describe('T-FIL-05 filters by the grammar, and what becomes of them when they are spoilt', () => {
  test('what the grammar makes is read, printed and read again the same', () => {
    fc.assert(
      fc.property(filterTexts(), (text) => {
        const tree = parseFilter(text, { unquotedValues: false });
        expect(parseFilter(printFilter(tree), { unquotedValues: false })).toEqual(tree);
        expect(parseFilter(printFilter(tree), { unquotedValues: true })).toEqual(tree);
        expect(printFilter(parseFilter(printFilter(tree), { unquotedValues: false }))).toBe(printFilter(tree));
      }),
      { numRuns: 2000 },
    );
  });

  test('spoilt, it is read or refused, and never anything else', () => {
    fc.assert(
      fc.property(mutated(filterTexts()), fc.boolean(), (text, unquotedValues) => {
        try {
          const tree = parseFilter(text, { unquotedValues });
          expect(parseFilter(printFilter(tree), { unquotedValues })).toEqual(tree);
        } catch (error) {
          if (!(error instanceof ScimError)) throw error;
          expect(error).toMatchObject({ status: 400, scimType: 'invalidFilter' });
        }
      }),
      { numRuns: 3000 },
    );
  });

  test('asked of a server, each is answered or is 400 invalidFilter, in queries and in paths', async () => {
    const texts = fc.sample(fc.oneof(filterTexts(), mutated(filterTexts())), { numRuns: 150, seed: 5 });
    let answered = 0;
    for (const text of texts) {
      for (const endpoint of ['/Users', '/Groups']) {
        const reply = await find(acme, text, '', endpoint);
        if (reply.status === 200) {
          answered += 1;
          expect(reply.body.Resources).toHaveLength(reply.body.totalResults);
          const inverse = await find(acme, `not (${text})`, '', endpoint);
          const { totalResults } = (await acme.get(`${endpoint}?count=0`)).body;
          expect({ text, total: reply.body.totalResults + inverse.body.totalResults }).toEqual({
            text,
            total: totalResults,
          });
        } else {
          expectRefusal(reply, { status: [400, 414], ...(reply.status === 400 ? { scimType: 'invalidFilter' } : {}) });
        }
      }
      const reply = await acme.patch(`/Users/${mine.other.id}`, [{ op: 'remove', path: `emails[${text}]` }]);
      if (reply.status !== 200) isScimError(reply);
    }
    expect(answered).toBeGreaterThan(30);
  }, 60_000);
});

describe('T-FIL-06 near misses of every format', () => {
  const long = 60_000;
  const near: readonly (readonly [string, (text: string) => object])[] = [
    ['emails', (value) => ({ emails: [{ value }] })],
    ['locale', (locale) => ({ locale })],
    ['timezone', (timezone) => ({ timezone })],
    ['preferredLanguage', (preferredLanguage) => ({ preferredLanguage })],
    ['profileUrl', (profileUrl) => ({ profileUrl })],
    ['photos', (value) => ({ photos: [{ value }] })],
    ['country', (country) => ({ addresses: [{ country }] })],
    ['x509Certificates', (value) => ({ x509Certificates: [{ value }] })],
    ['schemas', (urn) => ({ schemas: [USER, `urn:${urn}`] })],
    ['a key', (key) => ({ [key]: 'x' })],
  ];
  const texts = [
    'a'.repeat(long),
    `${'a'.repeat(long)}!`,
    `${'a@'.repeat(long / 2)}`,
    `${'a.'.repeat(long / 2)}@`,
    `"${'a'.repeat(long)}"`,
    `${'en-'.repeat(long / 3)}`,
    `${'%41'.repeat(long / 3)}%`,
    `${' '.repeat(long)}x`,
    `${'\t\n'.repeat(long / 2)}javascript`,
    `${'A'.repeat(long)}==`,
    `${'='.repeat(long)}A`,
    `${'urn:'.repeat(long / 4)}`,
    `${'x:'.repeat(long / 2)}`,
    `2011-05-13T04:42:34.${'0'.repeat(long)}x`,
    `${'-'.repeat(long)}`,
    `${'\u0301'.repeat(long)}`,
    `${'jn-'.repeat(long / 3)}`,
  ];

  test.each(near)('%s', async (_, attributes) => {
    const strict = scim(await world.server.mint('near', { organization: 'acme' }));
    for (const [index, text] of texts.entries()) {
      const reply = await strict.post('/Users', { schemas: [USER], userName: `near${index}`, ...attributes(text) });
      if (reply.status === 201) await strict.delete(`/Users/${reply.body.id}`);
      else expectRefusal(reply, { status: 400 });
    }
    await isAlive(acme);
  });

  test('operands, names and brackets of filters, If-Match, Authorization', async () => {
    for (const text of texts.map((one) => one.slice(0, 5000))) {
      // A refusal quotes a name, and no reply may hold what looks like a token.
      for (const filter of text.startsWith('jn-')
        ? []
        : [
            `meta.created gt ${JSON.stringify(text)}`,
            `userName eq ${text}`,
            `${text}:userName pr`,
            `emails[type eq "a"].value eq ${text}`,
            `emails[type eq "a"].value eq "${text.replaceAll('"', '')}`,
            `emails[].${text}`,
          ]) {
        const reply = await acme.get(`/Users?filter=${encodeURIComponent(filter).slice(0, 16_000)}`);
        if (reply.status !== 200) expectRefusal(reply, { status: 400, scimType: 'invalidFilter' });
      }
      const plain = text.replaceAll(/[^\x20-\x7e]/g, 'x');
      const put = await acme.put(
        `/Users/${mine.user.id}`,
        { schemas: [USER], userName: 'own.member' },
        { 'if-match': plain },
      );
      expect([400, 412]).toContain(put.status);
      expectRefusal(await scim({ baseUrl: acme.baseUrl, token: plain.trim() || 'x' }).get('/Users'), { status: 401 });
    }
    await isAlive(acme);
  });

  test('no expression of ours is made of what somebody sent', () => {
    const folder = fileURLToPath(new URL('../../src', import.meta.url));
    const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
    expect(sources.length).toBeGreaterThan(100);
    for (const name of sources) {
      expect({ name, built: /\bRegExp\(/.test(readFileSync(`${folder}/${name}`, 'utf8')) }).toEqual({
        name,
        built: false,
      });
    }
  });
});

describe('T-FIL-07 filters that look at everything', () => {
  test('wildcards of a database are characters', async () => {
    const { id } = await globex.user('100%_*?', { title: '100%_*?' });
    for (const [text, total] of [
      ['%', 1],
      ['_', 1],
      ['%_', 1],
      ['*', 1],
      ['1%', 0],
      ['1_0', 0],
      ['%%', 0],
    ] as const) {
      const { body } = await find(globex, `title co ${JSON.stringify(text)} and userName co ${JSON.stringify(text)}`);
      expect({ text, total: body.totalResults }).toEqual({ text, total });
    }
    await globex.delete(`/Users/${id}`);
  });

  test('a filter that takes too long is 400 tooMany, and others are answered meanwhile', async () => {
    const roles = Array.from({ length: 1000 }, (_, index) => ({
      value: `${index} aaaaaaaaaaaaaaaaaaaaaa`,
      type: 'work',
    }));
    const crowd = await Promise.all(
      Array.from({ length: 120 }, async (_, index) => (await globex.user(`crowd${index}`, { roles })).id),
    );
    // No role fits, so that every term is asked of every role of every user.
    const heavy = Array.from({ length: 85 }, (_, index) => `roles[type co "w" and value co "aaaa${index}b"]`);
    const filter = heavy.join(' or ');
    let over = false;
    const asked = find(globex, filter, '&count=0').finally(() => {
      over = true;
    });
    let answered = 0;
    while (!over) {
      await isAlive(acme);
      answered += 1;
    }
    expectRefusal(await asked, { status: 400, scimType: 'tooMany', says: /no index.*userName/ });
    expect(answered).toBeGreaterThan(10);
    expect((await find(globex, `userName eq "crowd7" and (${filter})`)).status).toBe(200);
    await Promise.all(crowd.map((id) => globex.delete(`/Users/${id}`)));
  }, 60_000);
});

describe('T-FIL-08 what is never shown is not asked for', () => {
  const secret = ['password', 'PASSWORD', `${USER}:password`, `${USER.toUpperCase()}:Password`];

  test.each(secret)('%s', async (name) => {
    await acme.put(`/Users/${mine.user.id}`, {
      schemas: [USER],
      userName: 'own.member',
      externalId: '00u-own',
      password: 'Secret',
    });
    const refusals = new Set<string>();
    for (const test of ['pr', 'eq "Secret"', 'eq "wrong"', 'sw "S"', 'co ""', 'gt ""', 'eq null', 'ne null']) {
      for (const filter of [`${name} ${test}`, `not (${name} ${test})`, `userName pr or ${name} ${test}`]) {
        const reply = await find(acme, filter);
        expectRefusal(reply, { status: 400, scimType: 'invalidFilter', says: /password/i });
        refusals.add(reply.text);
      }
    }
    // What it says does not depend on what was guessed.
    expect(refusals.size).toBe(1);
    const paths = [`${name}[value eq "x"]`, `emails[${name} eq "Secret"]`];
    for (const path of paths) {
      const reply = await acme.patch(`/Users/${mine.user.id}`, [{ op: 'remove', path }]);
      expectRefusal(reply, { status: 400 });
    }
  });

  test.each(['hash', 'passwordHash', 'secret', 'token', 'salt', 'credential', 'directory', 'seq', 'keys'])(
    '%s is no attribute at all',
    async (name) => {
      for (const filter of [`${name} pr`, `${name} sw "a"`, `meta.${name} pr`, `${ENTERPRISE}:${name} pr`]) {
        expectRefusal(await find(acme, filter), { status: 400, scimType: 'invalidFilter' });
        expectRefusal(await find(acme, filter, '', '/Groups'), { status: 400, scimType: 'invalidFilter' });
      }
    },
  );

  test('nor is anything sorted by it', async () => {
    for (const name of [...secret, 'hash', 'token', 'directory', 'seq']) {
      expectRefusal(await acme.get(`/Users?sortBy=${name}`), { status: 400, scimType: 'invalidValue' });
    }
  });
});

describe('T-FIL-09 nothing is guessed letter by letter', () => {
  test('of another directory: what is there answers as what is not', async () => {
    const { id, userName } = theirs.user;
    for (const [there, not] of [
      [`id sw "${id.slice(0, 20)}"`, 'id sw "zzzz"'],
      [`id eq "${id}"`, `id eq "${id.slice(0, -1)}x"`],
      [`userName sw "${userName.slice(0, 3)}"`, 'userName sw "zzz"'],
      [`userName gt "their"`, 'userName gt "zzz"'],
      [`externalId co "their"`, 'externalId co "zzz"'],
      [`displayName co "Their"`, 'displayName co "zzz"'],
      [`emails.value ew "globex.example"`, 'emails.value ew "zzz"'],
      [`groups.value eq "${theirs.group.id}"`, 'groups.value eq "zzz"'],
      [`groups.display sw "Their"`, 'groups.display sw "zzz"'],
      [`${ENTERPRISE}:manager.value eq "${id}"`, `${ENTERPRISE}:manager.value eq "zzz"`],
      [`meta.location co "${id}"`, 'meta.location co "zzz"'],
    ] as const) {
      const [one, other] = [await find(acme, there), await find(acme, not)];
      expect(one.body).toMatchObject({ totalResults: 0 });
      expect({ there, text: one.text }).toEqual({ there, text: other.text });
    }
    const groups = await find(acme, `members.value eq "${id}" or members.display co "their"`, '', '/Groups');
    expect(groups.body).toMatchObject({ totalResults: 0 });
    const path = `members[value eq "${id}"]`;
    expect((await acme.patch(`/Groups/${mine.group.id}`, [{ op: 'remove', path }])).status).toBe(204);
    expect((await globex.get(`/Groups/${theirs.group.id}`)).body.members).toMatchObject([{ value: id }]);
  });

  test('of what no client is shown: the attributes of the schemas are all there are', async () => {
    const shown = new Set(['schemas', 'id', 'externalid', 'meta', 'groups', 'members']);
    for (const urn of [USER, ENTERPRISE, GROUP]) {
      for (const { name } of (await acme.get(`/Schemas/${urn}`)).body.attributes) shown.add(name.toLowerCase());
    }
    const columns = [...COLUMNS(world.server.databasePath)].filter((name) => !shown.has(name.toLowerCase()));
    expect(columns.length).toBeGreaterThan(10);
    for (const name of columns) {
      for (const endpoint of ['/Users', '/Groups']) {
        expectRefusal(await find(acme, `${name} sw "a"`, '', endpoint), { status: 400, scimType: 'invalidFilter' });
      }
    }
  });
});

/** The names of every column of the database. */
function COLUMNS(file: string): Set<string> {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    const rows = database.prepare('SELECT c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c').all();
    return new Set(rows.map(({ name }) => String(name)));
  } finally {
    database.close();
  }
}
