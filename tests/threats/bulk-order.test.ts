import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ScimClient, scim } from '../harness/index.ts';
import { change, makeUser, type Operation, send, statusesOf } from './bulk-requests.ts';
import { type Customer, GROUP, leavesNoTrace, openWorld, type Representation, user, type World } from './world.ts';

let world: World;
let acme: Customer;
beforeAll(async () => {
  world = await openWorld();
  acme = world.acme;
});
afterAll(() => world.close());

describe('T-BULK-02 the order of operations', () => {
  const NAMES = ['ann', 'bob', 'cat'];
  const GROUPS = ['staff', 'board'];
  /** Of what the model knows: creations get a bulkId of their own, others name one that was created before them. */
  const step = fc.oneof(
    fc.record({ kind: fc.constant('user' as const), name: fc.constantFrom(...NAMES) }),
    fc.record({
      kind: fc.constant('group' as const),
      name: fc.constantFrom(...GROUPS),
      members: fc.array(fc.nat(7), { maxLength: 3 }),
    }),
    fc.record({ kind: fc.constant('title' as const), of: fc.nat(7), value: fc.constantFrom('x', 'y') }),
    fc.record({ kind: fc.constant('rename' as const), of: fc.nat(7), name: fc.constantFrom(...NAMES) }),
    fc.record({
      kind: fc.constant('members' as const),
      of: fc.nat(7),
      op: fc.constantFrom('add', 'replace', 'remove'),
      members: fc.array(fc.nat(7), { minLength: 1, maxLength: 3 }),
    }),
    fc.record({ kind: fc.constant('delete' as const), of: fc.nat(7) }),
  );
  type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

  /** Operations whose references all point backwards, so that they can be sent one by one too. */
  function operationsOf(steps: readonly Step[]): Operation[] {
    const people: string[] = [];
    const groups: string[] = [];
    const pick = (list: readonly string[], at: number): string | undefined => list[at % Math.max(list.length, 1)];
    const operations: Operation[] = [];
    for (const [n, one] of steps.entries()) {
      const bulkId = `q${n}`;
      if (one.kind === 'user') {
        operations.push({ method: 'POST', path: '/Users', bulkId, data: user(one.name) });
        people.push(bulkId);
      } else if (one.kind === 'group') {
        const members = one.members.flatMap((at) => pick(people, at) ?? []).map((id) => ({ value: `bulkId:${id}` }));
        operations.push({
          method: 'POST',
          path: '/Groups',
          bulkId,
          data: { schemas: [GROUP], displayName: one.name, members },
        });
        groups.push(bulkId);
      } else if (one.kind === 'members') {
        const group = pick(groups, one.of);
        const members = one.members.flatMap((at) => pick(people, at) ?? []).map((id) => ({ value: `bulkId:${id}` }));
        if (group !== undefined)
          operations.push(
            change(`/Groups/bulkId:${group}`, {
              op: one.op,
              path: 'members',
              ...(one.op === 'remove' ? {} : { value: members }),
            }),
          );
      } else {
        const person = pick(people, one.of);
        if (person === undefined) continue;
        const path = `/Users/bulkId:${person}`;
        if (one.kind === 'delete') operations.push({ method: 'DELETE', path });
        else if (one.kind === 'title')
          operations.push(change(path, { op: 'replace', path: 'title', value: one.value }));
        else operations.push(change(path, { op: 'replace', path: 'userName', value: one.name }));
      }
    }
    return operations;
  }

  /** The same as requests of their own, one after the other; what refers to nothing is 409. */
  async function oneByOne(client: ScimClient, operations: readonly Operation[], most: number): Promise<string[]> {
    const ids = new Map<string, string>();
    const statuses: string[] = [];
    for (const { method, path, bulkId, data } of operations) {
      if (statuses.filter((status) => status >= '400').length >= most) break;
      const text = JSON.stringify({ path, data }).replaceAll(/bulkId:(q\d+)/g, (given, id) => ids.get(id) ?? given);
      if (text.includes('bulkId:')) {
        statuses.push('409');
        continue;
      }
      const filled = JSON.parse(text);
      const reply = await client.request(method, filled.path, filled.data === undefined ? {} : { body: filled.data });
      if (reply.status === 201 && bulkId !== undefined) ids.set(bulkId, reply.body.id);
      statuses.push(String(reply.status));
    }
    return statuses;
  }

  /** Members and groups stand in the order of their ids, which is none among those of one millisecond. */
  async function stateOf(client: ScimClient): Promise<unknown> {
    const people: Representation[] = (await client.get('/Users')).body.Resources;
    const groups: Representation[] = (await client.get('/Groups')).body.Resources;
    const nameOf = new Map(people.map(({ id, userName }) => [id, userName]));
    return {
      people: people.map(({ userName, title, meta, groups: of = [] }) => [
        userName,
        title,
        meta.version,
        of.map(({ display }: Representation) => display).sort(),
      ]),
      groups: groups.map(({ displayName, meta, members = [] }) => [
        displayName,
        meta.version,
        members.map(({ value }: Representation) => nameOf.get(value)).sort(),
      ]),
    };
  }

  let count = 0;
  async function customer(): Promise<ScimClient> {
    count += 1;
    return scim(await world.server.mint('Okta', { organization: `order${count}` }));
  }

  test('any bulk does what its operations do one by one, with the same answers, also where it stops at errors', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 1, maxLength: 14 }),
        fc.constantFrom(1, 2, Number.POSITIVE_INFINITY),
        async (steps, most) => {
          const operations = operationsOf(steps);
          const [together, apart] = [await customer(), await customer()];
          const reply = await send(
            together,
            operations,
            most === Number.POSITIVE_INFINITY ? {} : { failOnErrors: most },
          );
          const statuses = await oneByOne(apart, operations, most);
          // A PATCH of a group says nothing back: 204 alone, 200 with the version in a bulk.
          const plain = (status: string): string => (status === '204' ? '200' : status);
          expect(statusesOf(reply).map(plain)).toEqual(statuses.map(plain));
          expect(await stateOf(together)).toEqual(await stateOf(apart));
        },
      ),
      { numRuns: 40 },
    );
  });

  test('a bulkId is no id: not before, not in another request, not as a name', async () => {
    await send(acme, [makeUser('game')]);
    await leavesNoTrace(world, async () => {
      for (const path of ['/Users/bulkId:game', '/Users/game', '/Groups/bulkId:game']) {
        const reply = await send(acme, [
          change(path, { op: 'replace', path: 'title', value: 'x' }),
          { method: 'DELETE', path },
        ]);
        expect(statusesOf(reply).every((status) => status === '404' || status === '409')).toBe(true);
        expect((await acme.get(path)).status).toBe(404);
      }
    });
  });
});
