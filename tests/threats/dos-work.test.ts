import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type Customer,
  expectRefusal,
  GROUP,
  isAlive,
  leavesNoTrace,
  openWorld,
  query,
  type Representation,
  USER,
  type World,
} from './world.ts';

const MEMBERS = 1500;

let world: World;
let acme: Customer;
let ids: string[];
let team: Representation;

beforeAll(async () => {
  world = await openWorld({ users: MEMBERS });
  acme = world.acme;
  ids = query(world.server.databasePath, "SELECT id FROM resources WHERE type = 'User' ORDER BY seq").map(
    ({ id }) => id as string,
  );
  team = await acme.group('team', ids);
}, 60_000);

afterAll(() => world.close());

const filtered = (filter: string) => ({ op: 'remove', path: `members[${filter}]` });
const terms = (count: number, text: string) =>
  Array.from({ length: count }, (_, index) => `display co "${text}${index}"`).join(' or ');

describe('T-DOS-03 members that are removed by filters', () => {
  test('more comparisons than a second of them are 413, and the limit is said', async () => {
    await leavesNoTrace(world, async () => {
      for (const operations of [
        Array.from({ length: 17 }, (_, index) => filtered(terms(200, `q${index}.`))),
        Array.from({ length: 100 }, (_, index) => filtered(terms(34, `q${index}.`))),
      ]) {
        expectRefusal(await acme.patch(`/Groups/${team.id}`, operations), { status: 413, says: /at most 5000000 / });
      }
    });
    // Counted are the group's own members, and those that the request adds.
    const few = await acme.group('few', ids.slice(0, 1));
    const filters = Array.from({ length: 17 }, (_, index) => filtered(terms(200, `q${index}.`)));
    expect((await acme.patch(`/Groups/${few.id}`, filters)).status).toBe(204);
    const added = { op: 'add', path: 'members', value: ids.map((value) => ({ value })) };
    expectRefusal(await acme.patch(`/Groups/${few.id}`, [added, ...filters]), {
      status: 413,
      says: /at most 5000000 /,
    });
  });

  test('a hundred filters, and filters of many terms, give others their turn', async () => {
    for (const operations of [
      Array.from({ length: 100 }, (_, index) => filtered(terms(25, `q${index}.`))),
      Array.from({ length: 8 }, (_, index) => filtered(terms(200, `q${index}.`))),
    ]) {
      let over = false;
      const patched = acme.patch(`/Groups/${team.id}`, operations).finally(() => {
        over = true;
      });
      let answered = 0;
      while (!over) {
        await acme.get(`/Users/${ids[0]}`);
        answered += 1;
      }
      expect((await patched).status).toBe(204);
      // Where it is done in one piece, the first read waits for all of it.
      expect(answered).toBeGreaterThan(10);
    }
    expect((await acme.get(`/Groups/${team.id}`)).body.members).toHaveLength(MEMBERS);
  }, 60_000);

  test('what they choose is what goes', async () => {
    const made = await acme.group('chosen', ids);
    const reply = await acme.patch(`/Groups/${made.id}`, [
      filtered('display sw "USER1"'),
      filtered('not (display ew "7@example.com") and type eq "User"'),
      { op: 'add', path: 'members', value: [{ value: ids[1] }] },
    ]);
    expect(reply.status, reply.text).toBe(204);
    const { members } = (await acme.get(`/Groups/${made.id}`)).body;
    const left = members.map(({ display }: Representation) => display).sort();
    const names = ids.map((_, index) => `user${index}@example.com`);
    const stay = names.filter((name) => /7@/.test(name) && !name.startsWith('user1'));
    expect(left).toEqual([...stay, 'user1@example.com'].sort());
  });

  test('half a mebibyte of paths is the most', async () => {
    const paths = Array.from({ length: 100 }, (_, index) => filtered(terms(250, `q${index}.`)));
    await leavesNoTrace(world, async () => {
      expectRefusal(await acme.patch(`/Groups/${team.id}`, paths), { status: 413, says: /paths.*at most 524288/ });
    });
    const ordinary = ids.slice(0, 1000).map((id) => filtered(`value eq "${id}"`));
    const made = await acme.group('ordinary', ids.slice(0, 1000));
    expect((await acme.patch(`/Groups/${made.id}`, ordinary)).status).toBe(204);
    expect((await acme.get(`/Groups/${made.id}`)).body).not.toHaveProperty('members');
  });
});

describe('T-DOS-03 text that is slow to compare', () => {
  // Each is out of its canonical order with the next.
  const marks = `a${'\u0301\u0323'.repeat(32_000)}`;

  test('64,000 marks on one letter, wherever text is taken', async () => {
    const attributes = {
      title: marks,
      nickName: marks,
      name: { familyName: marks, givenName: marks },
      emails: [{ value: marks, type: 'work' }],
    };
    const made = await acme.user('many marks', attributes);
    expect(made).toMatchObject(attributes);
    const body = { schemas: [USER], userName: 'many marks', ...attributes };
    expect((await acme.put(`/Users/${made.id}`, body)).body.meta.version).toBe(made.meta.version);
    const operations = [{ op: 'replace', path: 'emails[type eq "work"].value', value: `${marks}b` }];
    expect((await acme.patch(`/Users/${made.id}`, operations)).status).toBe(200);
    const text = `a${'\u0301\u0323'.repeat(300)}`;
    const filter = encodeURIComponent(`title sw "${text}" or userName eq "${text}"`);
    expect((await acme.get(`/Users?filter=${filter}`)).status).toBe(200);
    await acme.delete(`/Users/${made.id}`);
  });

  test('10 MiB of them in one body are refused', async () => {
    const emails = Array.from({ length: 79 }, (_, index) => ({ value: `${marks}${index}` }));
    const owner = await acme.user('owner');
    await leavesNoTrace(world, async () => {
      for (const send of [
        () => acme.post('/Users', { schemas: [USER], userName: 'heavy', emails }),
        () => acme.put(`/Users/${owner.id}`, { schemas: [USER], userName: 'owner', emails }),
        () => acme.patch(`/Users/${owner.id}`, [{ op: 'add', path: 'emails', value: emails }]),
        () =>
          acme.patch(
            `/Users/${owner.id}`,
            emails.map((email) => ({ op: 'add', path: 'emails', value: [email] })),
          ),
      ]) {
        expectRefusal(await send(), { status: 413 });
      }
    });
  }, 60_000);

  test('a userName and the displayName of a group have 1,024 characters at most', async () => {
    const owner = await acme.user('short');
    const long = '😀'.repeat(1024);
    const expected = { status: 400, scimType: 'invalidValue', says: /^(userName|displayName).*1024 characters/ };
    await leavesNoTrace(world, async () => {
      for (const name of [marks, `${long}x`]) {
        expectRefusal(await acme.post('/Users', { schemas: [USER], userName: name }), expected);
        expectRefusal(await acme.put(`/Users/${owner.id}`, { schemas: [USER], userName: name }), expected);
        expectRefusal(
          await acme.patch(`/Users/${owner.id}`, [{ op: 'replace', path: 'userName', value: name }]),
          expected,
        );
        expectRefusal(await acme.post('/Groups', { schemas: [GROUP], displayName: name }), expected);
        expectRefusal(
          await acme.patch(`/Groups/${team.id}`, [{ op: 'replace', value: { displayName: name } }]),
          expected,
        );
      }
    });
    const made = await acme.user(long);
    expect(made.userName).toBe(long);
    expectRefusal(await acme.post('/Users', { schemas: [USER], userName: long }), { status: 409 });
    await isAlive(acme);
  });
});
