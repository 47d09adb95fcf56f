import { describe, expect, test } from 'vitest';
import type { ImportCounts, ImportReport, RefusedLine } from '../../../src/directory/index.ts';
import { DATABASES } from '../../harness/index.ts';
import { type RuledCustomer, ruledServer } from '../../threats/ruled.ts';
import { ENTERPRISE, expectRefusal, USER } from '../../threats/world.ts';

const ENTITLEMENTS = [
  {
    name: 'Role',
    kind: 'role' as const,
    values: [
      { id: 'admin', displayName: 'Administrator' },
      { id: 'viewer', displayName: 'Viewer' },
    ],
  },
];

describe.each(DATABASES)('on %s', async (database) => {
  const { server, customer } = await ruledServer(database, {
    plain: { entitlements: ENTITLEMENTS },
    linking: { basePath: '/linking', policy: { conflict: 'link' } },
    seats: { basePath: '/seats', policy: { seats: { limit: 3, reserve: 1 } } },
    roles: {
      basePath: '/roles',
      entitlements: ENTITLEMENTS,
      policy: { roles: { byGroup: { 'App admins': 'admin' }, default: 'viewer' }, guard: { users: 0, percent: 0 } },
    },
  });

  interface Imported extends ImportReport {
    readonly refused: readonly RefusedLine[];
    readonly requestId: string;
  }

  interface Given {
    readonly format?: 'csv' | 'jsonl';
    readonly dryRun?: boolean;
    readonly fromLine?: number;
    readonly mostRefused?: number;
    readonly signal?: AbortSignal;
    readonly onProgress?: (counts: ImportCounts) => void;
    /** Bytes at once. */
    readonly piece?: number;
  }

  async function imported(
    { organization, application }: RuledCustomer,
    text: string | Uint8Array,
    { format = 'csv', dryRun = false, fromLine, piece = 7, ...options }: Given = {},
  ): Promise<Imported> {
    const refused: RefusedLine[] = [];
    const bytes = inPieces(typeof text === 'string' ? new TextEncoder().encode(text) : text, piece);
    const told = await server.app.users.import(
      { organization, application },
      { format, bytes, fromLine },
      { dryRun, onRefused: (one) => refused.push(one), ...options },
    );
    if (told.kind === 'refused') throw new Error(told.detail);
    return { ...told.report, refused, requestId: told.requestId };
  }

  const named = async (acme: RuledCustomer, name: string) =>
    (await acme.get(`/Users?filter=${encodeURIComponent(`userName eq "${name}"`)}`)).body.Resources;
  const counts = (given: Partial<ImportCounts>) => ({
    created: 0,
    changed: 0,
    unchanged: 0,
    managed: 0,
    refused: 0,
    ...given,
  });
  const show = async ({ organization, application }: RuledCustomer, user: string) => {
    const shown = await server.app.users.show({ organization, application }, user);
    if (shown.kind === 'refused') throw new Error(shown.detail);
    return shown;
  };

  test('a CSV as Excel writes it: byte-order mark, semicolons, CRLF, quotation marks, breaks inside of values', async () => {
    const acme = await customer('plain');
    const text = [
      '\ufeffUSERNAME;Name.GivenName;emails.work;emails.home;roles;active;department;addresses.work.locality;phoneNumbers.mobile;externalId',
      'ann;"Ann ""the ; first""\r\nof her name";ann@example.com;;admin|Viewer;Yes;Ops;Berlin;+49 1;x-1',
      '',
      'böb 😀;مرحبا;;bob@home.example.com;;no;;;;',
    ].join('\r\n');
    const told = await imported(acme, text, { piece: 1 });
    expect(told).toMatchObject({ counts: counts({ created: 2 }), ended: 'done', refused: [] });
    // The second record begins behind the break inside of the first, and an empty line.
    expect(told.examples.map(({ line, userName }) => [line, userName])).toEqual([
      [2, 'ann'],
      [5, 'böb 😀'],
    ]);
    const [ann] = await named(acme, 'ann');
    expect(ann).toMatchObject({
      externalId: 'x-1',
      userName: 'ann',
      name: { givenName: 'Ann "the ; first"\r\nof her name' },
      active: true,
      emails: [{ value: 'ann@example.com', type: 'work', primary: true }],
      roles: [{ value: 'admin' }, { value: 'viewer' }],
      addresses: [{ type: 'work', locality: 'Berlin' }],
      phoneNumbers: [{ type: 'mobile', value: '+49 1' }],
      [ENTERPRISE]: { department: 'Ops' },
    });
    const [bob] = await named(acme, 'BÖB 😀');
    expect(bob).toMatchObject({
      active: false,
      name: { givenName: 'مرحبا' },
      emails: [{ type: 'home', primary: true }],
    });
    expect(bob).not.toHaveProperty('roles');
  });

  test('JSON Lines are SCIM users; what a line does not say stays, null takes away', async () => {
    const acme = await customer('plain');
    const lines = (...users: object[]) => users.map((user) => JSON.stringify(user)).join('\n');
    const first = lines(
      {
        schemas: [USER],
        userName: 'ann',
        title: 'Guide',
        name: { givenName: 'Ann', familyName: 'A' },
        groups: [{ value: 'x' }],
      },
      { userName: 'bob', active: false },
    );
    expect(await imported(acme, first, { format: 'jsonl' })).toMatchObject({ counts: counts({ created: 2 }) });
    const second = lines({ UserName: 'ANN', title: null, name: { familyName: 'B' } }, { userName: 'bob' });
    const told = await imported(acme, second, { format: 'jsonl' });
    expect(told.counts).toEqual(counts({ changed: 1, unchanged: 1 }));
    expect(told.examples).toEqual([
      {
        kind: 'changed',
        line: 1,
        userName: 'ANN',
        differences: expect.arrayContaining([
          { name: 'title', before: 'Guide', after: null },
          { name: 'name', before: { givenName: 'Ann', familyName: 'A' }, after: { givenName: 'Ann', familyName: 'B' } },
        ]),
      },
    ]);
    const [ann] = await named(acme, 'ann');
    expect(ann).toMatchObject({ name: { givenName: 'Ann', familyName: 'B' } });
    expect(ann).not.toHaveProperty('title');
  });

  test('who is wrong is told by line, what was wrong and what was expected, and the rest is taken', async () => {
    const acme = await customer('plain');
    const text = [
      'userName,active,roles,externalId',
      'ann,true,admin,1',
      ',true,,',
      'bob,maybe,,',
      'carl,,boss,',
      'dan,true',
      'ANN,false,,',
      'eve,,,1',
      'fay,,,',
    ].join('\n');
    const told = await imported(acme, text);
    expect(told.counts).toEqual(counts({ created: 2, refused: 6 }));
    expect(told.refused.map(({ line, label, detail }) => `${line} ${label}: ${detail}`)).toEqual([
      expect.stringMatching(/^3 : userName is required/),
      expect.stringMatching(/^4 : active: "maybe" is neither true nor false/),
      expect.stringMatching(/^5 carl: roles: "boss" is none of those that this application has: "admin", "viewer"/),
      expect.stringMatching(/^6 : The line has 2 cells, and 4 were expected/),
      expect.stringMatching(/^7 ANN: .*the same as in line 2/),
      expect.stringMatching(/^8 eve: .*the same as in line 2/),
    ]);
    expect((await named(acme, 'ann'))[0].active).toBe(true);
  });

  test('a line that is wrong in itself does not stand in the way of the one that mends it', async () => {
    const acme = await customer('plain');
    const told = await imported(acme, 'userName,externalId,active\nann,1,\nbob,1,\nbob,2,\n');
    expect(told.refused).toMatchObject([{ line: 3, detail: expect.stringMatching(/the same as in line 2/) }]);
    expect(told.counts).toEqual(counts({ created: 2, refused: 1 }));
  });

  test('two lines that mean the same user, one by each of its names, are not both taken', async () => {
    const acme = await customer('plain');
    await imported(acme, 'userName,externalId\nann,1\n');
    const text = 'userName,externalId,title\nann,,Guide\nzoe,1,Boss\n';
    for (const done of [{ changed: 1 }, { unchanged: 1 }]) {
      const told = await imported(acme, text);
      expect(told.counts).toEqual(counts({ ...done, refused: 1 }));
      expect(told.refused).toMatchObject([{ line: 3, detail: expect.stringMatching(/line 2, or the same user's/) }]);
    }
  });

  test('a quotation mark that is part of a value is kept, line breaks in it or not', async () => {
    const acme = await customer('plain');
    const told = await imported(acme, 'userName,title\nann,5" disk\nbob,"Chef" cook\ncarl,"""Guide""\r\nof ""all"""\n');
    expect(told.counts).toEqual(counts({ created: 3 }));
    const titles = await Promise.all(['ann', 'bob', 'carl'].map(async (name) => (await named(acme, name))[0].title));
    expect(titles).toEqual(['5" disk', '"Chef" cook', '"Guide"\r\nof "all"']);
  });

  test('wrong lines of JSON are told likewise', async () => {
    const acme = await customer('plain');
    const text = [
      '{"userName":"ann","password":"x"}',
      '[1]',
      'nope',
      `{"userName":"${'b'.repeat(1_048_577)}"}`,
      '{"userName":"c","userName":"d"}',
      '\r',
      '{"userName":"eve"}',
    ].join('\n');
    const told = await imported(acme, text, { format: 'jsonl', piece: 65_536 });
    expect(told.counts).toEqual(counts({ created: 1, refused: 5 }));
    expect(told.refused.map(({ line, detail }) => `${line} ${detail}`)).toEqual([
      expect.stringMatching(/^1 password is not imported/),
      expect.stringMatching(/^2 A JSON object/),
      expect.stringMatching(/^3 The line is not valid JSON/),
      expect.stringMatching(/^4 The line is longer/),
      expect.stringMatching(/^5 /),
    ]);
    expect(told.lastLine).toBe(7);
  });

  test.each([
    ['an unknown column', 'userName,shoe\nann,9\n', 1, /"shoe" is no attribute/],
    ['a password', 'userName,password\nann,9\n', 1, /passwords come from the identity provider/],
    ['groups', 'userName,groups\nann,9\n', 1, /is said of the group/],
    ['what the directory gives itself', 'userName,id\nann,9\n', 1, /gives it itself/],
    ['a part that is not said', 'userName,name\nann,9\n', 1, /has parts: expected one of name\.formatted/],
    ['an element that is not said', 'userName,addresses\nann,9\n', 1, /expected something like addresses\.work\./],
    ['one column twice', 'userName,emails.work,"emails[type eq ""Work""].value"\nann,a,b\n', 1, /are the same column/],
    ['thousands of columns', `userName${',title'.repeat(20_000)}\n`, 1, /20001 columns, and at most 1000 are read/],
    ['no userName', 'active\ntrue\n', 1, /no column userName/],
    ['no name', 'userName,\nann,9\n', 1, /has no name/],
    ['nothing', '', 1, /is empty/],
    ['an open quotation mark', 'userName\nann\n"bob\ncarl\n', 3, /never closed/],
    ['one that is part of the last piece', 'userName\nann\n"', 3, /never closed/],
    [
      'one that runs on to the next value in quotation marks',
      'userName,title\nann,x\nbob,"Guide\ncarl,Chef\ndan,"Boss"\neve,x\n',
      3,
      /closed in another line/,
    ],
    ['a record that is too long', `userName\nann\n"${'b\n'.repeat(700_000)}`, 3, /longer than 1048576 bytes/],
    ['another encoding', Buffer.from('userName\nann\nb\xf6b\n', 'latin1'), 1, /not UTF-8/],
  ])('a file with %s is not read any further', async (_, text, line, detail) => {
    const acme = await customer('plain');
    const told = await imported(acme, text, { piece: text.length > 1000 ? text.length : 5 });
    expect(told).toMatchObject({ ended: 'broken', refused: [{ detail: expect.stringMatching(detail) }] });
    expect(told.refused[0]?.line).toBeGreaterThanOrEqual(line);
    expect(told.counts.created).toBeLessThanOrEqual(1);
  });

  test('a dry run says what would happen, and nothing does', async () => {
    const acme = await customer('plain');
    await imported(acme, 'userName,title\nann,Guide\n');
    const before = await server.rows('SELECT kind, subject FROM changes ORDER BY kind, subject');
    const text = 'userName,title\nann,Boss\nbob,Guide\nann2,\n';
    const foretold = await imported(acme, text, { dryRun: true });
    expect(foretold).toMatchObject({
      counts: counts({ created: 2, changed: 1 }),
      examples: [
        { kind: 'changed', line: 2, differences: [{ name: 'title', before: 'Guide', after: 'Boss' }] },
        { userName: 'bob' },
        { userName: 'ann2' },
      ],
    });
    expect(await server.rows('SELECT kind, subject FROM changes ORDER BY kind, subject')).toEqual(before);
    expect(await named(acme, 'bob')).toEqual([]);
    const { counts: done, examples } = await imported(acme, text);
    expect({ done, examples }).toEqual({ done: foretold.counts, examples: foretold.examples });
  });

  test('they come in unowned: a provider is refused, or takes over, as the rules have it, and then the import leaves them', async () => {
    const plain = await customer('plain');
    const linking = await customer('linking');
    for (const acme of [plain, linking]) {
      await imported(acme, 'userName,title,externalId\nann,Guide,\n');
      expect((await show(acme, 'ann')).owner).toBe('application');
    }
    expectRefusal(await plain.post('/Users', { schemas: [USER], userName: 'ann' }), {
      status: 409,
      scimType: 'uniqueness',
      says: /own/,
    });
    const linked = await linking.post('/Users', { schemas: [USER], userName: 'ann', title: 'CEO', externalId: '00u1' });
    expect(linked.status).toBe(201);
    expect((await show(linking, 'ann')).owner).toBe('provider');
    await linking.user('bob');
    const told = await imported(linking, 'userName,title,externalId\nANN,Guide,\nbobby,Guide,00u1\nbob,x,00u1\n');
    // By the name; by the externalId; and an externalId that stood in the file before.
    expect(told.counts).toEqual(counts({ managed: 2, refused: 1 }));
    expect((await named(linking, 'ann'))[0].title).toBe('CEO');
  });

  test('by externalId somebody is known under another name, unless both are somebody’s', async () => {
    const acme = await customer('plain');
    await imported(acme, 'userName,externalId\nann,1\nbob,2\n');
    const told = await imported(acme, 'userName,externalId\nanne,1\nBob,3\n');
    expect(told.counts).toEqual(counts({ changed: 2 }));
    const [anne] = await named(acme, 'anne');
    expect(anne.externalId).toBe('1');
    const clash = await imported(acme, 'userName,externalId\nanne,3\n');
    expect(clash.refused[0]?.detail).toMatch(/belong to two different users/);
  });

  test('seats hold, the reserve is the operator’s, and a dry run counts them as the real one does', async () => {
    const acme = await customer('seats');
    await acme.user('there');
    const text = 'userName,active\nann,\nsleeper,false\nbob,\ncarl,\n';
    const foretold = await imported(acme, text, { dryRun: true });
    expect(foretold.counts).toEqual(counts({ created: 3, refused: 1 }));
    expect(foretold.refused).toMatchObject([
      { line: 5, label: 'carl', detail: expect.stringMatching(/no seat for "carl": 3 of the 3/) },
    ]);
    const told = await imported(acme, text);
    expect({ counts: told.counts, refused: told.refused }).toEqual({
      counts: foretold.counts,
      refused: foretold.refused,
    });
  });

  test('it ends after so many lines that cannot be taken; from a line on; and between two slices when it is asked to', async () => {
    const acme = await customer('plain');
    const rows = Array.from({ length: 250 }, (_, index) => (index % 50 === 7 ? ',' : `user${index},t`));
    const text = ['userName,title', ...rows].join('\n');
    const cut = await imported(acme, text, { mostRefused: 2 });
    // Line 59 is the second wrong one.
    expect(cut).toMatchObject({ ended: 'too-many-refused', lastLine: 59, counts: counts({ created: 56, refused: 2 }) });
    const stop = new AbortController();
    const stopped = await imported(acme, text, {
      fromLine: cut.lastLine + 1,
      signal: stop.signal,
      onProgress: () => stop.abort(),
    });
    expect(stopped).toMatchObject({ ended: 'interrupted', counts: { unchanged: 0 } });
    expect(stopped.lastLine).toBeLessThan(251);
    const rest = await imported(acme, text, { fromLine: stopped.lastLine + 1 });
    expect(rest).toMatchObject({ ended: 'done', lastLine: 251 });
    expect(cut.counts.created + stopped.counts.created + rest.counts.created).toBe(245);
    expect((await imported(acme, text)).counts).toEqual(counts({ unchanged: 245, refused: 5 }));
  });

  test('beside requests: who both make is made once, and no request fails', async () => {
    const acme = await customer('plain');
    const names = Array.from({ length: 300 }, (_, index) => `both${index}`);
    const importing = imported(acme, ['userName', ...names].join('\n'));
    const replies = await Promise.all(
      names.slice(0, 60).map((userName) => acme.post('/Users', { schemas: [USER], userName })),
    );
    const told = await importing;
    const made = replies.filter(({ status }) => status === 201).length;
    expect(replies.every(({ status }) => status === 201 || status === 409)).toBe(true);
    expect(told.counts).toEqual(counts({ created: 300 - made, managed: made }));
    expect((await acme.get('/Users?count=0')).body.totalResults).toBe(300);
  });

  test('what an import did is one request of the operator’s in history, and is taken back by it', async () => {
    const acme = await customer('plain');
    const { organization, application } = acme;
    await imported(acme, 'userName,title\nann,Guide\n');
    const { requestId } = await imported(acme, 'userName,title\nann,Boss\nbob,\n');
    await server.numbered();
    const listed = await server.app.history.list({ organization, application }, { limit: 10 });
    if (listed.kind === 'refused') throw new Error(listed.detail);
    expect(listed.entries.map(({ kind, label, by }) => [kind, label, by.kind])).toEqual([
      ['created', 'bob', 'operator'],
      ['updated', 'ann', 'operator'],
      ['created', 'ann', 'operator'],
    ]);
    const undone = await server.app.history.undo({ organization, application }, { requestId }, { dryRun: false });
    expect(undone).toMatchObject({ kind: 'undone', report: { counts: { removed: 1, updated: 1 } } });
    expect((await named(acme, 'ann'))[0].title).toBe('Guide');
  });

  test('a user is shown with the roles that they have, and from where; in which groups; and what is held', async () => {
    const acme = await customer('roles');
    await imported(acme, 'userName,roles\nann,viewer\nbob,\n');
    expect((await show(acme, 'bob')).roles).toEqual([{ role: 'viewer', from: [{ kind: 'default' }] }]);
    const carl = await acme.user('carl', { roles: [{ value: 'admin' }] });
    const admins = await acme.group('App admins', [carl]);
    expect(await show(acme, carl.id)).toMatchObject({
      owner: 'provider',
      record: { active: true, id: carl.id },
      groups: [{ value: admins.id, display: 'App admins' }],
      roles: [{ role: 'admin', from: [{ kind: 'asserted' }, { kind: 'group', id: admins.id, name: 'App admins' }] }],
      hold: undefined,
    });
    await acme.deactivate(carl.id);
    expect(await show(acme, 'CARL')).toMatchObject({
      record: { active: true },
      hold: { work: { kind: 'deactivate' }, state: 'open' },
    });
    const { organization, application } = acme;
    const none = await server.app.users.show({ organization, application }, 'nobody');
    expect(none).toMatchObject({ kind: 'refused', detail: expect.stringMatching(/^There is no user "nobody"/) });
  });
});

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size);
}
