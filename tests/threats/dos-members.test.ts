import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type Customer,
  expectRefusal,
  GROUP,
  leavesNoTrace,
  openWorld,
  PATCH_OP,
  type Representation,
  USER,
  type World,
} from './world.ts';

let world: World;
let acme: Customer;
let member: Representation;
let group: Representation;

beforeAll(async () => {
  world = await openWorld();
  acme = world.acme;
  member = await acme.user('dos', { emails: [{ value: 'dos@example.com' }] });
  group = await acme.group('dos', [member.id]);
});

afterAll(() => world.close());

/** Text, made piece by piece: a million objects would cost this test more than the server. */
function listOf(count: number, element: (index: number) => string): string {
  return `[${Array.from({ length: count }, (_, index) => element(index)).join(',')}]`;
}

const groupWith = (members: string) => `{"schemas":["${GROUP}"],"displayName":"dos","members":${members}}`;
const patchWith = (operations: string) => `{"schemas":["${PATCH_OP}"],"Operations":${operations}}`;
const add = (path: string, value: string) => `{"op":"add","path":"${path}","value":${value}}`;
const MEBIBYTE = 2 ** 20;

describe('T-DOS-03 members', () => {
  test('a million in one PUT, POST or PATCH: 413, by the bytes or by their number', async () => {
    // Ids as ours are: 48 MiB. Short ones: 14 MiB, within what a group may have.
    const long = listOf(1_000_000, (index) => `{"value":"01a20083-9226-76d8-a32b-${String(index).padStart(12, '0')}"}`);
    const short = listOf(1_000_000, (index) => `{"value":"${index.toString(36)}"}`);
    expect(long.length).toBeGreaterThan(32 * MEBIBYTE);
    expect(short.length).toBeLessThan(32 * MEBIBYTE);
    await leavesNoTrace(world, async () => {
      expectRefusal(await acme.put(`/Groups/${group.id}`, groupWith(long)), { status: 413, says: /bytes/ });
      for (const send of [
        () => acme.put(`/Groups/${group.id}`, groupWith(short)),
        () => acme.patch(`/Groups/${group.id}`, patchWith(`[${add('members', short)}]`)),
        () => acme.patch(`/Groups/${group.id}`, patchWith(`[{"op":"remove","path":"members","value":${short}}]`)),
      ]) {
        expectRefusal(await send(), { status: 413, says: /1200000 values/ });
      }
    });
  }, 60_000);

  test('200,000 within 32 MiB are judged by the limit alone: taken as such, and one more is 413', async () => {
    const unknown = (count: number) => listOf(count, () => `{"value":"${randomUUID()}","type":"User"}`);
    const most = unknown(200_000);
    expect(most.length).toBeGreaterThan(10 * MEBIBYTE);
    expect(most.length).toBeLessThan(32 * MEBIBYTE);
    const more = `${most.slice(0, -1)},{"value":"one-more"}]`;
    await leavesNoTrace(world, async () => {
      // All of them are looked up, and nobody has those ids.
      expectRefusal(await acme.put(`/Groups/${group.id}`, groupWith(most)), {
        status: 400,
        scimType: 'invalidValue',
        says: /^members.*199995 more/,
      });
      expectRefusal(await acme.patch(`/Groups/${group.id}`, patchWith(`[${add('members', most)}]`)), {
        status: 400,
        scimType: 'invalidValue',
        says: /^members/,
      });
      for (const over of [
        () => acme.put(`/Groups/${group.id}`, groupWith(more)),
        () =>
          acme.patch(
            `/Groups/${group.id}`,
            patchWith(`[${add('members', most)},${add('members', '[{"value":"x"}]')}]`),
          ),
      ]) {
        expectRefusal(await over(), { status: 413, says: /200001.*200000/ });
      }
    });
    // Two hundred thousand times the same one is one member, and it is in already.
    const same = listOf(200_000, () => `{"value":"${member.id}"}`);
    const put = await acme.put(`/Groups/${group.id}`, groupWith(same));
    expect(put, put.text.slice(0, 500)).toMatchObject({ status: 200, body: { meta: { version: group.meta.version } } });
    expect(put.body.members).toHaveLength(1);
  }, 60_000);
});

describe('T-DOS-03 values and operations', () => {
  test.each([
    [100_000, /more than 100000 values/],
    [10_000, /emails/],
  ])(
    '%s e-mail addresses: 413 or 400, whichever way they come',
    async (count, says) => {
      const emails = listOf(count, (index) => `{"value":"u${index}@example.com","type":"work"}`);
      expect(emails.length).toBeLessThan(10 * MEBIBYTE);
      const body = `{"schemas":["${USER}"],"userName":"dos","emails":${emails}}`;
      await leavesNoTrace(world, async () => {
        for (const send of [
          () => acme.post('/Users', body.replace('"dos"', '"dos-2"')),
          () => acme.put(`/Users/${member.id}`, body),
          () => acme.patch(`/Users/${member.id}`, patchWith(`[${add('emails', emails)}]`)),
          () => acme.patch(`/Users/${member.id}`, patchWith(`[{"op":"replace","path":"emails","value":${emails}}]`)),
          () => acme.patch(`/Users/${member.id}`, patchWith(`[{"op":"add","value":{"emails":${emails}}}]`)),
        ]) {
          expectRefusal(await send(), { status: [400, 413], says });
        }
      });
    },
    60_000,
  );

  test('values cannot be gathered over many requests either', async () => {
    const collector = await acme.user('collector');
    let refused = false;
    for (let round = 0; round < 60 && !refused; round += 1) {
      const some = listOf(500, (index) => `{"value":"r${round}-${index}@example.com"}`);
      const reply = await acme.patch(`/Users/${collector.id}`, patchWith(`[${add('emails', some)}]`));
      if (reply.status !== 200) {
        expectRefusal(reply, { status: [400, 413], says: /emails/ });
        refused = true;
      }
    }
    expect(refused).toBe(true);
    await acme.delete(`/Users/${collector.id}`);
  }, 60_000);

  test('10,000 operations in one PATCH: 413 or 400', async () => {
    const some = (count: number, operation: (index: number) => string) => patchWith(listOf(count, operation));
    await leavesNoTrace(world, async () => {
      for (const body of [
        some(10_000, (index) => `{"op":"replace","path":"title","value":"${index}"}`),
        some(10_000, (index) => `{"op":"add","path":"emails[type eq \\"t${index}\\"].value","value":"x"}`),
        some(10_000, () => '{"op":"remove","path":"nickName"}'),
        some(100_000, () => '{}'),
      ]) {
        expectRefusal(await acme.patch(`/Users/${member.id}`, body), { status: [400, 413] });
      }
      const members = some(10_000, (index) => `{"op":"remove","path":"members[value eq \\"${index}\\"]"}`);
      expectRefusal(await acme.patch(`/Groups/${group.id}`, members), { status: [400, 413] });
    });
  }, 60_000);

  test('what providers do send is taken: 1,000 operations on members, 100 addresses', async () => {
    const team = await acme.group('ordinary');
    const operations = Array.from({ length: 1000 }, (_, index) =>
      index % 2 === 0
        ? { op: 'add', path: 'members', value: [{ value: member.id }] }
        : { op: 'remove', path: `members[value eq "${member.id}"]` },
    );
    expect((await acme.patch(`/Groups/${team.id}`, operations)).status).toBe(204);
    const emails = Array.from({ length: 100 }, (_, index) => ({ value: `m${index}@example.com` }));
    const many = await acme.user('many addresses', { emails });
    expect(many.emails).toHaveLength(100);
  });
});
