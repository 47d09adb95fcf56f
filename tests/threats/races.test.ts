import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { ScimReply } from '../harness/index.ts';
import { DATABASES } from '../harness/index.ts';
import { worldOfFile } from './file-world.ts';
import { isSettled, RACERS, race, statuses } from './race.ts';
import { expectRefusal, GROUP, type Representation, user } from './world.ts';

describe.each(DATABASES)('on %s', async (database) => {
  const world = await worldOfFile({ database });
  const { acme } = world;

  describe('T-RACE-01 one name, many who want it', () => {
    test.each([
      ['exactly', () => 'race.exact'],
      ['in case variants', (index: number) => variant('race.variant', index)],
      [
        'in Unicode variants',
        (index: number) => ['straße', 'STRASSE', 'ｓｔｒａｓｓｅ', 'Stra\u017fse'][index % 4] ?? '',
      ],
    ])('32 racing POSTs of a userName, %s: exactly one 201', async (_, nameOf) => {
      const replies = await race((index) => acme.post('/Users', user(nameOf(index))));
      expect(statuses(replies)).toEqual({ 201: 1, 409: RACERS - 1 });
      for (const reply of replies)
        if (reply.status === 409) expectRefusal(reply, { status: 409, scimType: 'uniqueness', says: /userName/ });
      const found = await acme.get(`/Users?filter=${encodeURIComponent(`userName eq "${nameOf(7)}"`)}`);
      expect(found.body.totalResults).toBe(1);
      expect(found.body.Resources[0].id).toBe(replies.find(({ status }) => status === 201)?.body.id);
      await isSettled(world);
    });

    test('32 racing POSTs of one externalId, and of one group name', async () => {
      const linked = await race((index) => acme.post('/Users', user(`race.link.${index}`, { externalId: '00u-race' })));
      expect(statuses(linked)).toEqual({ 201: 1, 409: RACERS - 1 });
      const named = await race((index) =>
        acme.post('/Groups', { schemas: [GROUP], displayName: variant('race group', index) }),
      );
      expect(statuses(named)).toEqual({ 201: 1, 409: RACERS - 1 });
      await isSettled(world);
    });

    test('32 users who all want to be renamed to one name: exactly one is', async () => {
      const people = await race((index) => acme.user(`race.rename.${index}`));
      const replies = await race((index) => {
        const { id } = people[index] as Representation;
        const userName = variant('race.renamed', index);
        return index % 2 === 0
          ? acme.patch(`/Users/${id}`, [{ op: 'replace', path: 'userName', value: userName }])
          : acme.put(`/Users/${id}`, user(userName));
      });
      expect(statuses(replies)).toEqual({ 200: 1, 409: RACERS - 1 });
      await isSettled(world);
    });

    test('32 racing POSTs of an inactive one: it comes back once, under its old id', async () => {
      const asleep = await acme.user('race.asleep', { active: false });
      const replies = await race((index) => acme.post('/Users', user(variant('race.asleep', index))));
      expect(statuses(replies)).toEqual({ 201: 1, 409: RACERS - 1 });
      expect(replies.find(({ status }) => status === 201)?.body).toMatchObject({ id: asleep.id, active: true });
      await isSettled(world);
    });

    test('32 racing DELETEs: one 204, and then nobody is there', async () => {
      const { id } = await acme.user('race.delete');
      const replies = await race(() => acme.delete(`/Users/${id}`));
      expect(statuses(replies)).toEqual({ 204: 1, 404: RACERS - 1 });
      await isSettled(world);
    });

    test('two processes on one database: of each name exactly one wins', async () => {
      const names = Array.from({ length: 60 }, (_, index) => `process.race.${index}`);
      const other = spawn(
        process.execPath,
        [
          fileURLToPath(new URL('./race-writer.ts', import.meta.url)),
          world.server.env.DATABASE_URL,
          world.server.env.DATABASE_OWNER_URL ?? '',
          acme.directory,
          ...names.map((name, index) => variant(name, index)),
        ],
        { stdio: ['pipe', 'pipe', 'pipe'] },
      );
      const { told, ended } = listen(other);
      expect(await told.next()).toMatchObject({ value: 'ready' });
      other.stdin?.write('go\n');
      const replies = await Promise.all(
        names.map((name, index) => acme.post('/Users', user(variant(name, index + 1)))),
      );
      const outcomes = JSON.parse((await told.next()).value as string) as string[];
      expect(await ended).toEqual({ code: 0, stderr: '' });

      for (const [index, name] of names.entries()) {
        const mine = replies[index] as ScimReply;
        expect([mine.status, outcomes[index]], name).toSatisfy(
          ([status, outcome]) =>
            (status === 201 && outcome === 'name-taken') || (status === 409 && outcome === 'created'),
        );
        const found = await acme.get(`/Users?filter=${encodeURIComponent(`userName eq "${name}"`)}`);
        expect(found.body.totalResults).toBe(1);
      }
      statuses(replies);
      await isSettled(world);
    });
  });

  describe('T-RACE-02 PATCHes of different attributes without If-Match', () => {
    test('all survive', async () => {
      const { id } = await acme.user('race.attributes');
      const attributes = [
        'title',
        'nickName',
        'displayName',
        'userType',
        'locale',
        'timezone',
        'preferredLanguage',
        'externalId',
      ];
      const replies = await race((index) =>
        acme.patch(`/Users/${id}`, [
          { op: 'replace', path: attributes[index % attributes.length], value: `set ${index % attributes.length}` },
        ]),
      );
      expect(statuses(replies)).toEqual({ 200: RACERS });
      const { body } = await acme.get(`/Users/${id}`);
      for (const [index, name] of attributes.entries()) expect(body[name]).toBe(`set ${index}`);
      // Each change moved the version once; what was sent again did not.
      expect(body.meta.version).toBe(`W/"${1 + attributes.length}"`);
      await isSettled(world);
    });

    test('adds to one list all survive', async () => {
      const { id } = await acme.user('race.emails');
      const replies = await race((index) =>
        acme.patch(`/Users/${id}`, [{ op: 'add', path: 'emails', value: [{ value: `e${index}@example.com` }] }]),
      );
      expect(statuses(replies)).toEqual({ 200: RACERS });
      const { body } = await acme.get(`/Users/${id}`);
      expect(new Set(body.emails.map(({ value }: { value: string }) => value)).size).toBe(RACERS);
      await isSettled(world);
    });
  });

  describe('T-RACE-03 one If-Match, many who hold it', () => {
    test('one 200, the others 412, and only the winner is stored', async () => {
      const made = await acme.user('race.match');
      const headers = { 'if-match': made.meta.version as string };
      const replies = await race((index) => {
        const path = `/Users/${made.id}`;
        if (index % 2 === 0)
          return acme.patch(path, [{ op: 'replace', path: 'title', value: `winner ${index}` }], headers);
        return acme.put(path, user('race.match', { title: `winner ${index}` }), headers);
      });
      expect(statuses(replies)).toEqual({ 200: 1, 412: RACERS - 1 });
      const winner = replies.find(({ status }) => status === 200)?.body;
      expect((await acme.get(`/Users/${made.id}`)).body).toEqual(winner);
      expect(winner.meta.version).not.toBe(made.meta.version);
      const deletions = await race(() => acme.delete(`/Users/${made.id}`, headers));
      expect(statuses(deletions)).toEqual({ 412: RACERS });
      await isSettled(world);
    });
  });

  describe('T-RACE-04 members while groups and users go', () => {
    test('32 racing adds of one member each: 32 members; racing removals of them: none', async () => {
      const people = await race((index) => acme.user(`race.member.${index}`));
      const team = await acme.group('race team');
      const path = `/Groups/${team.id}`;
      const adds = await race((index) =>
        acme.patch(path, [{ op: 'add', path: 'members', value: [{ value: people[index]?.id }] }]),
      );
      expect(statuses(adds)).toEqual({ 204: RACERS });
      expect((await acme.get(path)).body.members.map(({ value }: { value: string }) => value).sort()).toEqual(
        people.map(({ id }) => id).sort(),
      );
      const again = await race(() =>
        acme.patch(path, [{ op: 'add', path: 'members', value: people.map(({ id }) => ({ value: id })) }]),
      );
      expect(statuses(again)).toEqual({ 204: RACERS });
      expect((await acme.get(path)).body).toMatchObject({ meta: { version: `W/"${1 + RACERS}"` } });
      const removals = await race((index) =>
        acme.patch(path, [{ op: 'remove', path: `members[value eq "${people[index]?.id}"]` }]),
      );
      expect(statuses(removals)).toEqual({ 204: RACERS });
      expect((await acme.get(path)).body.members).toBeUndefined();
      await isSettled(world);
    });

    test('members come and go while their users are deleted: nobody who is gone is a member', async () => {
      const people = await race((index) => acme.user(`race.leaver.${index}`));
      const teams = await Promise.all(
        [0, 1, 2, 3].map((index) =>
          acme.group(
            `race leavers ${index}`,
            people.slice(0, 8).map(({ id }) => id),
          ),
        ),
      );
      const replies = await Promise.all(
        people.flatMap(({ id }, index) => {
          const path = `/Groups/${teams[index % 4]?.id}`;
          return [
            acme.patch(path, [{ op: 'add', path: 'members', value: [{ value: id }] }]),
            ...(index % 2 === 0 ? [acme.delete(`/Users/${id}`)] : []),
            acme.patch(path, [{ op: 'remove', path: `members[value eq "${people[(index + 1) % RACERS]?.id}"]` }]),
            acme.put(path, {
              schemas: [GROUP],
              displayName: `race leavers ${index % 4}`,
              members: [{ value: people[(index + 3) % RACERS]?.id }],
            }),
          ];
        }),
      );
      const counted = statuses(replies);
      expect(Object.keys(counted).every((status) => ['200', '204', '400'].includes(status))).toBe(true);
      expect(counted[204]).toBeGreaterThanOrEqual(RACERS / 2);
      const alive = new Set(people.filter((_, index) => index % 2 === 1).map(({ id }) => id));
      for (const { id } of teams) {
        const { body } = await acme.get(`/Groups/${id}`);
        for (const { value } of body.members ?? []) expect(alive.has(value)).toBe(true);
      }
      await isSettled(world);
    });

    test('a group is deleted while members are put into it: nobody is left in it', async () => {
      const people = await race((index) => acme.user(`race.joiner.${index}`));
      const team = await acme.group('race doomed', [people[0]?.id ?? '']);
      const path = `/Groups/${team.id}`;
      const replies = await Promise.all(
        people.flatMap(({ id }, index) => [
          acme.patch(path, [{ op: 'add', path: 'members', value: [{ value: id }] }]),
          ...(index === RACERS / 2 ? [acme.delete(path)] : []),
        ]),
      );
      expect(Object.keys(statuses(replies)).sort()).toEqual(['204', '404']);
      expectRefusal(await acme.get(path), { status: 404 });
      for (const { id } of people) expect((await acme.get(`/Users/${id}`)).body.groups).toBeUndefined();
      await isSettled(world);
    });
  });
});

function variant(name: string, index: number): string {
  return [...name].map((letter, place) => ((index >> (place % 5)) % 2 === 0 ? letter : letter.toUpperCase())).join('');
}

function listen(child: ChildProcess): {
  told: AsyncIterator<string>;
  ended: Promise<{ code: unknown; stderr: string }>;
} {
  let stderr = '';
  child.stderr?.on('data', (chunk) => {
    stderr += chunk;
  });
  if (child.stdout === null) throw new Error('no standard output');
  return {
    told: createInterface({ input: child.stdout })[Symbol.asyncIterator](),
    ended: once(child, 'close').then(([code]) => ({ code, stderr })),
  };
}
