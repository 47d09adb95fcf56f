import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type Customer,
  expectRefusal,
  GROUP,
  leavesNoTrace,
  openWorld,
  PATCH_OP,
  query,
  type Representation,
  USER,
  user,
  type World,
} from './world.ts';

let world: World;
let acme: Customer;
let person: Representation;
let group: Representation;

beforeAll(async () => {
  world = await openWorld();
  acme = world.acme;
  person = await acme.user('elements', { emails: [{ value: 'elements@example.com' }] });
  group = await acme.group('elements', [person.id]);
});

afterAll(() => world.close());

const userWith = (members: string) => `{"schemas":["${USER}"],"userName":"many",${members}}`;
const groupWith = (members: string) => `{"schemas":["${GROUP}"],"displayName":"many",${members}}`;
const patchWith = (operations: string) => `{"schemas":["${PATCH_OP}"],"Operations":${operations}}`;
const listOf = (count: number, element: string) => `[${`${element},`.repeat(count - 1)}${element}]`;
const keys = (count: number, name: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => `${JSON.stringify(name(index))}:1`).join(',');

describe('T-DOS-03 a legal body of millions of values', () => {
  const many: readonly (readonly [what: string, value: string])[] = [
    ['empty arrays', '[]'],
    ['empty objects', '{}'],
    ['literals', 'true'],
    ['short numbers', '7'],
    ['short texts', '""'],
  ];
  test.each(many)(
    '%s in an attribute that nobody knows: 413 that says how many',
    async (_, value) => {
      await leavesNoTrace(world, async () => {
        const ofUser = userWith(`"foo":${listOf(1_000_000, value)}`);
        expectRefusal(await acme.post('/Users', ofUser), { status: 413, says: /more than 100000 values.*"foo"/ });
        expectRefusal(await acme.put(`/Users/${person.id}`, ofUser), { status: 413, says: /100000 values/ });
        const inPatch = patchWith(`[{"op":"add","path":"title","value":${listOf(1_000_000, value)}}]`);
        expectRefusal(await acme.patch(`/Users/${person.id}`, inPatch), { status: 413, says: /100000 values/ });
        const ofGroup = groupWith(`"foo":${listOf(3_000_000, value)}`);
        expectRefusal(await acme.post('/Groups', ofGroup), { status: 413, says: /1200000 values/ });
      });
    },
    60_000,
  );

  test('decimals, of which each takes a closer look: 413', async () => {
    await leavesNoTrace(world, async () => {
      for (const numeral of ['1.0', '0.12345678901234e-10', '1234567890123456']) {
        const body = groupWith(`"foo":${listOf(1_000_000, numeral)}`);
        expectRefusal(await acme.post('/Groups', body), { status: 413, says: /10000 numbers/ });
      }
    });
  }, 60_000);

  test('ever new names in small objects: 413', async () => {
    await leavesNoTrace(world, async () => {
      const objects = Array.from({ length: 50_000 }, (_, index) => `{"k${index}":1}`).join(',');
      const says = /5000 different names/;
      expectRefusal(await acme.post('/Users', userWith(`"foo":[${objects}]`)), { status: 413, says });
      expectRefusal(await acme.post('/Groups', groupWith(`"foo":[${objects}]`)), { status: 413, says });
    });
  }, 60_000);

  test('a million schemas: 413', async () => {
    const urns = Array.from({ length: 1_000_000 }, (_, index) => `"urn:x:${index}"`).join(',');
    await leavesNoTrace(world, async () => {
      const says = /schemas lists 1000001 URNs; at most 1000/;
      const ofGroup = `{"schemas":["${GROUP}",${urns}],"displayName":"many"}`;
      expectRefusal(await acme.post('/Groups', ofGroup), { status: 413, says });
      const ofPatch = `{"schemas":["${PATCH_OP}",${urns}],"Operations":[{"op":"replace","path":"displayName","value":"x"}]}`;
      expectRefusal(await acme.patch(`/Groups/${group.id}`, ofPatch), { status: 413, says });
      const few = `{"schemas":["${USER}",${urns.slice(0, urns.indexOf(',"urn:x:2000"'))}],"userName":"many"}`;
      expectRefusal(await acme.post('/Users', few), { status: 413, says: /lists 2001 URNs/ });
    });
  }, 60_000);

  test('texts of a user beyond a mebibyte: 413, before they are compared', async () => {
    const emails = Array.from({ length: 900 }, (_, index) => ({ value: `${'ﷺ'.repeat(3000)}${index}` }));
    await leavesNoTrace(world, async () => {
      const says = /more than 1048576 characters.*emails\.value/;
      expectRefusal(await acme.post('/Users', user('many', { emails })), { status: 413, says });
      expectRefusal(await acme.put(`/Users/${person.id}`, user('many', { emails })), { status: 413, says });
    });
  }, 60_000);
});

describe('T-DOS-03 operations times what each of them looks at', () => {
  test('operations without a path times the names in each: 413, whatever the names are', async () => {
    await leavesNoTrace(world, async () => {
      for (const name of [
        (index: number) => `k${index}`,
        (index: number) => `k.x${index}`,
        (index: number) => `urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:x${index}`,
      ]) {
        const add = (count: number) => `{"op":"add","value":{${keys(count, name)}}}`;
        for (const [operations, names, says] of [
          [999, 90, /50000 names beyond the first 32/],
          [45, 990, /40000 names in their objects|524288 characters/],
          [999, 42, /40000 names in their objects|524288 characters/],
        ] as const) {
          const body = patchWith(listOf(operations, add(names)));
          expectRefusal(await acme.patch(`/Users/${person.id}`, body), { status: 413, says });
          expectRefusal(await acme.patch(`/Groups/${group.id}`, body), { status: 413, says });
        }
      }
      const paths = (index: number) =>
        `emails[${listOf(200, 'value co "q" or').slice(1, -4).replaceAll(',', ' ')}].x${index}`;
      const long = patchWith(listOf(9, `{"op":"add","value":{${keys(100, paths)}}}`));
      expectRefusal(await acme.patch(`/Users/${person.id}`, long), {
        status: 413,
        says: /more than 524288 characters/,
      });
    });
  }, 60_000);

  test('900 operations that choose among a mebibyte of addresses: 413', async () => {
    const texts = ['x'.repeat(65_000), 'É'.repeat(30_000), 'x'.repeat(9_000)];
    for (const text of texts) {
      const emails = Array.from({ length: Math.floor(1_000_000 / Buffer.byteLength(text)) }, (_, index) => ({
        value: `${text}${index}`,
        type: `t${index}`,
      }));
      const large = await acme.user(`large ${texts.indexOf(text)}`, { emails });
      const edits: readonly object[] = [
        { op: 'replace', path: 'emails[type eq "t1"].display', value: 'x' },
        { op: 'replace', path: 'emails[value co "xx1" or type eq "t1"].display', value: 'x' },
        { op: 'add', path: 'emails', value: [{ value: 'q' }] },
      ];
      for (const edit of edits) {
        const reply = await acme.patch(
          `/Users/${large.id}`,
          Array.from({ length: 900 }, () => edit),
        );
        // Without a limit it is 2 to 80 seconds.
        expectRefusal(reply, { status: 413, says: /choose too often/ });
      }
      await acme.delete(`/Users/${large.id}`);
    }
  }, 120_000);

  test('what providers do send is taken: certificates and photos, in fifty operations', async () => {
    const x509Certificates = Array.from({ length: 10 }, (_, index) => ({
      value: Buffer.alloc(1500, index).toString('base64'),
    }));
    const photos = [{ value: `https://example.com/${'p'.repeat(20_000)}`, type: 'photo' }];
    const emails = Array.from({ length: 10 }, (_, index) => ({ value: `a${index}@example.com`, type: `t${index}` }));
    const rich = await acme.user('rich', { x509Certificates, photos, emails });
    const operations = Array.from({ length: 50 }, (_, index) =>
      index % 2 === 0
        ? { op: 'replace', path: `emails[type eq "t${index % 10}"].value`, value: `b${index}@example.com` }
        : { op: 'replace', path: 'photos[type eq "photo"].display', value: `${index}` },
    );
    expect((await acme.patch(`/Users/${rich.id}`, operations)).status).toBe(200);
  });
});

describe('T-DOS-06 failures of provisioning', () => {
  const failures = () => query(world.server.databasePath, 'SELECT * FROM failures WHERE directory = ?', acme.directory);
  const title = [{ op: 'replace', path: 'title', value: 'x' }];

  test('ids that were never here leave none', async () => {
    const before = failures();
    for (let round = 0; round < 20; round += 1) {
      const id = randomUUID();
      expectRefusal(await acme.patch(`/Users/${id}`, title), { status: 404 });
      expectRefusal(await acme.put(`/Groups/${id}`, { schemas: [GROUP], displayName: 'x' }), { status: 404 });
      expectRefusal(await acme.delete(`/Users/${id}`), { status: 404 });
    }
    // Nor do those of another directory, also when they were removed there.
    const theirs = await world.globex.user('theirs');
    expectRefusal(await acme.patch(`/Users/${theirs.id}`, title), { status: 404 });
    await world.globex.delete(`/Users/${theirs.id}`);
    expectRefusal(await acme.patch(`/Users/${theirs.id}`, title), { status: 404 });
    expect(failures()).toEqual(before);
  });

  test('a change of somebody who was removed leaves one, which their return ends, and so does a second removal', async () => {
    const before = failures().length;
    const gone = await acme.user('Gone.Person');
    await acme.delete(`/Users/${gone.id}`);
    expectRefusal(await acme.delete(`/Users/${gone.id}`), { status: 404 });
    expect(failures()).toHaveLength(before);
    for (let round = 0; round < 3; round += 1) {
      expectRefusal(await acme.patch(`/Users/${gone.id}`, title), { status: 404 });
    }
    expect(failures()).toContainEqual(
      expect.objectContaining({ subject: 'gone.person', label: 'Gone.Person', reason: 'not-found', times: 3 }),
    );
    expectRefusal(await acme.delete(`/Users/${gone.id}`), { status: 404 });
    expect(failures()).toHaveLength(before);
    expectRefusal(await acme.patch(`/Users/${gone.id}`, title), { status: 404 });
    expect(failures()).toHaveLength(before + 1);
    await acme.user('GONE.person');
    expect(failures()).toHaveLength(before);
  });
});
