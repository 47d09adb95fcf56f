import { expect, test } from 'vitest';
import { DATABASES, type ScimReply } from '../harness/index.ts';
import { type Customer, crowd, GROUP, openWorld, rowsOf, user } from './world.ts';

/** One of the two customers, who do the same with the same numbers: a key without its directory would meet the other's. */
interface Side {
  readonly customer: Customer;
  /** In everything that it writes. */
  readonly mark: string;
  readonly foreign: string;
  /** What it has made. */
  readonly ids: Set<string>;
  /** What the other has made. */
  readonly foreignIds: ReadonlySet<string>;
  /** What it got, looked through for what is the other's. */
  seen(reply: Promise<ScimReply>): Promise<ScimReply>;
  /** Asks for what the other has made last. */
  misses(): Promise<void>;
}

test.each(DATABASES)(
  'T-TEN-11 on %s two directories under an interleaved load of 1,000 requests: no byte crosses',
  async (database) => {
    const world = await openWorld({ database });
    const made = { acmemark: new Set<string>(), globexmark: new Set<string>() };
    let requests = 0;
    const sideOf = (customer: Customer, mark: keyof typeof made, foreign: keyof typeof made): Side => ({
      customer,
      mark,
      foreign,
      ids: made[mark],
      foreignIds: made[foreign],
      misses: async () => {
        const [target] = [...made[foreign]].slice(-1);
        requests += 1;
        expect((await customer.get(`/Users/${target ?? 'nobody'}`)).status).toBe(404);
      },
      seen: async (asked) => {
        requests += 1;
        const reply = await asked;
        expect(reply.status, reply.text).toBeLessThan(500);
        const bytes = `${reply.text}${JSON.stringify([...reply.headers])}`;
        expect(bytes.includes(foreign), `${foreign} in ${bytes.slice(0, 500)}`).toBe(false);
        expect(idsIn(bytes).filter((id) => made[foreign].has(id))).toEqual([]);
        return reply;
      },
    });
    const sides = [
      sideOf(world.acme, 'acmemark', 'globexmark'),
      sideOf(world.globex, 'globexmark', 'acmemark'),
    ] as const;

    await Promise.all([
      ...[0, 1, 2, 3, 4].flatMap((worker) => sides.map((side) => ordinary(side, worker))),
      ...sides.map((side) => large(side)),
    ]);
    expect(requests).toBeGreaterThanOrEqual(1000);

    for (const { customer, mark, foreign, foreignIds } of sides) {
      const rows = JSON.stringify(await rowsOf(world.server, customer.directory));
      expect(rows.includes(mark)).toBe(true);
      expect(rows.includes(foreign)).toBe(false);
      expect(idsIn(rows).filter((id) => foreignIds.has(id))).toEqual([]);
    }
    await world.close();
  },
  120_000,
);

/** One user after another, as a provider provisions them. */
async function ordinary({ customer, mark, ids, seen, misses }: Side, worker: number): Promise<void> {
  for (let round = 0; round < 10; round += 1) {
    const name = `load-${worker}-${round}`;
    const made = await seen(customer.post('/Users', user(name, { displayName: mark, externalId: name })));
    const { id } = made.body;
    ids.add(id);
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
    ids.add(group.body.id);
    await seen(customer.get(`/Groups/${group.body.id}`));
    await seen(customer.get(`/Users/${id}?attributes=groups`)).then(({ body }) => {
      expect(body.groups.map(({ value }: { value: string }) => value)).toEqual([group.body.id]);
    });
    await seen(customer.get(`/Groups?excludedAttributes=members&count=4`));
    await misses();
    if (round % 2 === 0) await seen(customer.delete(`/Users/${id}`));
  }
}

const LARGE = 1050;

/** Searches in the read worker, replies streamed from snapshots, and writes that have a transaction of their own. */
async function large({ customer, mark, foreign, ids, seen }: Side): Promise<void> {
  const people = await crowd(customer, mark, LARGE);
  for (const id of people) ids.add(id);
  const members = (some: readonly string[]) => some.map((value) => ({ value }));
  const found = (type: string, filter: string) =>
    seen(customer.get(`/${type}?filter=${encodeURIComponent(filter)}&count=50&excludedAttributes=members`));
  const inside = ({ body }: ScimReply) => (body.members ?? []).map(({ value }: { value: string }) => value).sort();

  for (let round = 0; round < 4; round += 1) {
    const displayName = `large ${round} ${mark}`;
    const made = await seen(customer.post('/Groups', { schemas: [GROUP], displayName, members: members(people) }));
    expect(made.status).toBe(201);
    const path = `/Groups/${made.body.id}`;
    ids.add(made.body.id);

    // Each of these goes on while the others do, here and on the other side.
    const [whole, byMember, byName, none, label] = await Promise.all([
      seen(customer.get(path)),
      found('Groups', `members.display co "${mark}" and displayName co "${round}"`),
      found('Users', `userName co "${mark}-1"`),
      found('Users', `userName co "${foreign.slice(0, 4)}" or title co "${foreign.slice(0, 4)}"`),
      found('Users', `groups.display ew "${mark}" and userName sw "${mark}-10"`),
      seen(customer.get(`/Users/${people[round]}`)),
    ]);
    expect(inside(whole)).toEqual([...people].sort());
    expect(byMember.body.Resources.map(({ id }: { id: string }) => id)).toContain(made.body.id);
    expect(byName.body.totalResults).toBe(people.filter((_, index) => String(index).startsWith('1')).length);
    expect(none.body.totalResults).toBe(0);
    expect(label.body.totalResults).toBe(people.filter((_, index) => String(index).startsWith('10')).length);

    const [first, ...rest] = people;
    const [, , streamed] = await Promise.all([
      seen(customer.patch(path, [{ op: 'replace', path: 'members', value: members(rest) }])),
      seen(customer.get(path)),
      seen(customer.put(path, { schemas: [GROUP], displayName, members: members([first ?? '', ...rest]) })),
      seen(customer.patch(path, [{ op: 'add', path: 'members', value: members(people) }])),
      found('Groups', `members.display co "${mark}"`),
    ]);
    expect(streamed.status).toBe(200);
    for (const id of inside(await seen(customer.get(path)))) expect(ids.has(id)).toBe(true);
    if (round % 2 === 1) expect((await seen(customer.delete(path))).status).toBe(204);
  }
}

/** Every id that stands anywhere in a text, in any case. */
function idsIn(text: string): string[] {
  return [...new Set(text.toLowerCase().match(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g))];
}
