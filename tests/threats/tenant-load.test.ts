import { expect, test } from 'vitest';
import type { ScimReply } from '../harness/index.ts';
import { GROUP, openWorld, rowsOf, user } from './world.ts';

test('T-TEN-11 two directories under an interleaved load of 1,000 requests: no byte crosses', async () => {
  const world = await openWorld();
  const { acme, globex } = world;
  const sides = [
    { customer: acme, mark: 'acmemark', foreign: 'globexmark' },
    { customer: globex, mark: 'globexmark', foreign: 'acmemark' },
  ];
  const foreignIds = new Map(sides.map(({ mark }) => [mark, new Set<string>()]));
  let requests = 0;

  const work = async ({ customer, mark, foreign }: (typeof sides)[number], worker: number): Promise<void> => {
    const seen = async (reply: Promise<ScimReply>): Promise<ScimReply> => {
      requests += 1;
      const { status, text, headers, body } = await reply;
      expect(status, text).toBeLessThan(500);
      const bytes = `${text}${JSON.stringify([...headers])}`;
      expect(bytes).not.toContain(foreign);
      for (const id of foreignIds.get(foreign) ?? []) expect(bytes.includes(id)).toBe(false);
      return { status, text, headers, body };
    };
    for (let round = 0; round < 10; round += 1) {
      // Both sides use the same numbers, so that a key without its directory would meet the other's.
      const name = `load-${worker}-${round}`;
      const made = await seen(customer.post('/Users', user(name, { displayName: mark, externalId: name })));
      const { id } = made.body;
      foreignIds.get(mark)?.add(id);
      await seen(customer.get(`/Users?filter=${encodeURIComponent(`userName eq "${name}"`)}`)).then(({ body }) => {
        expect(body).toMatchObject({ totalResults: 1, Resources: [{ id, displayName: mark }] });
      });
      await seen(customer.patch(`/Users/${id}`, [{ op: 'replace', path: 'active', value: false }]));
      await seen(customer.get(`/Users/${id}`));
      await seen(customer.put(`/Users/${id}`, user(name, { displayName: mark, externalId: name, title: mark })));
      await seen(customer.get(`/Users?filter=${encodeURIComponent(`displayName eq "${mark}"`)}&count=3`));
      await seen(customer.get(`/Users?startIndex=${1 + round}&count=5`));
      const group = await seen(
        customer.post('/Groups', { schemas: [GROUP], displayName: `${name} ${mark}`, members: [{ value: id }] }),
      );
      foreignIds.get(mark)?.add(group.body.id);
      await seen(customer.get(`/Groups/${group.body.id}`));
      await seen(customer.get(`/Users/${id}?attributes=groups`)).then(({ body }) => {
        expect(body.groups.map(({ value }: { value: string }) => value)).toEqual([group.body.id]);
      });
      await seen(customer.get(`/Groups?excludedAttributes=members&count=4`));
      // Asking for what the other side has just made.
      const [target] = [...(foreignIds.get(foreign) ?? [])].slice(-1);
      if (target !== undefined) {
        requests += 1;
        expect((await customer.get(`/Users/${target}`)).status).toBe(404);
      }
      if (round % 2 === 0) await seen(customer.delete(`/Users/${id}`));
    }
  };
  await Promise.all([0, 1, 2, 3, 4].flatMap((worker) => sides.map((side) => work(side, worker))));
  expect(requests).toBeGreaterThanOrEqual(1000);

  for (const { customer, mark, foreign } of sides) {
    const rows = JSON.stringify(rowsOf(world.server, customer.directory));
    expect(rows).toContain(mark);
    expect(rows).not.toContain(foreign);
    for (const id of foreignIds.get(foreign) ?? []) expect(rows.includes(id)).toBe(false);
  }
  await world.close();
});
