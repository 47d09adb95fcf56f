import { describe, expect, test } from 'vitest';
import { DATABASES, type ScimReply } from '../harness/index.ts';
import { type RuledCustomer, ruledServer } from './ruled.ts';
import { type Representation, USER } from './world.ts';

type Refused = (acme: RuledCustomer, people: readonly Representation[]) => Promise<ScimReply>;

describe.each(DATABASES)('on %s', async (database) => {
  const { customer } = await ruledServer(database, {
    app: {
      policy: {
        guard: { users: 0, percent: 0, window: '1h', memberships: 0 },
        seats: { limit: 4 },
        protect: { users: ['root0'] },
      },
    },
  });

  test.each<[string, Refused]>([
    ['a hold', (acme, [, one]) => acme.deactivate(one?.id ?? '')],
    [
      'a hold of a group',
      async (acme, [, one]) => acme.delete(`/Groups/${(await acme.group('Team', one ? [one] : [])).id}`),
    ],
    ['a protected user', (acme, [root]) => acme.delete(`/Users/${root?.id}`)],
    [
      'a full seat list',
      async (acme) => {
        await acme.users('full', 2);
        return acme.post('/Users', { schemas: [USER], userName: 'one.too.many' });
      },
    ],
    ['a clash', (acme, [, one]) => acme.post('/Users', { schemas: [USER], userName: one?.userName })],
  ])('%s is a 409, again and again, and the calls for the next user succeed', async (_, refused) => {
    const acme = await customer('app');
    const people = await acme.users('root', 2);
    const one = people[1] as Representation;
    expect((await refused(acme, people)).status).toBe(409);
    expect((await acme.put(`/Users/${one.id}`, { schemas: [USER], userName: 'renamed', active: true })).status).toBe(
      200,
    );
    expect((await acme.patch(`/Users/${one.id}`, [{ op: 'add', path: 'title', value: 'CEO' }])).status).toBe(200);
    expect((await acme.post('/Users', { schemas: [USER], userName: 'asleep', active: false })).status).toBe(201);
    expect((await acme.get(`/Users/${one.id}`)).body).toMatchObject({
      active: true,
      title: 'CEO',
      userName: 'renamed',
    });
  });
});
