import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadApplications } from '../../src/config.ts';
import { type ScimClient, scim, startServer, type TestServer } from '../harness/index.ts';

/** What a SaaS engineer declares, as an identity provider meets it: the very example of `docs/guide/extensions.md`. */
const EXAMPLE = fileURLToPath(new URL('../../examples/extensions/joinery.config.ts', import.meta.url));
const CORE = 'urn:ietf:params:scim:schemas:core:2.0:User';
const USER = 'urn:example:scim:schemas:extension:planner:2.0:User';
const GROUP = 'urn:example:scim:schemas:extension:planner:2.0:Group';

let server: TestServer;
let client: ScimClient;
/** Of a strict application. */
let pure: ScimClient;
beforeAll(async () => {
  const [planner] = await loadApplications(EXAMPLE);
  if (planner === undefined) throw new Error('the example declares no application');
  const { extensions, entitlements } = planner;
  const strict = { basePath: '/strict/v2', strict: true, extensions };
  server = await startServer({ config: { applications: { planner: { extensions, entitlements }, strict } } });
  client = scim(server);
  pure = scim(await server.mint('strict', { application: 'strict' }));
});
afterAll(() => server.close());

let made = 0;
const person = (data: object, more: object = {}) => {
  made += 1;
  return { schemas: [CORE, USER], userName: `person${made}@example.com`, [USER]: data, ...more };
};
const create = async (data: object, more: object = {}) => {
  const { status, body, text } = await client.post('/Users', person(data, more));
  if (status !== 201) throw new Error(text);
  return body;
};

describe('discovery', () => {
  test('/Schemas has the extension as it is enforced, with the defaults of RFC 7643 §2.2 (SCH-02, SMA-04)', async () => {
    const { status, body } = await client.get(`/Schemas/${USER}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({ id: USER, name: 'PlannerUser', description: 'What the planner knows of a person.' });
    const attribute = (name: string) => body.attributes.find((one: { name: string }) => one.name === name);
    expect(attribute('badge')).toEqual({
      name: 'badge',
      type: 'string',
      multiValued: false,
      description: 'The number on the badge.',
      required: false,
      caseExact: false,
      mutability: 'immutable',
      returned: 'default',
      uniqueness: 'none',
    });
    expect(attribute('region').canonicalValues).toEqual(['EMEA', 'APAC', 'AMER']);
    expect(attribute('note').returned).toBe('request');
    expect(attribute('desk').subAttributes).toMatchObject([
      { name: 'building', required: true },
      { name: 'floor', type: 'integer' },
    ]);
    expect((await client.get(`/Schemas/${USER.toUpperCase()}`)).body).toEqual(body);
  });

  test('/ResourceTypes names it where it belongs, and every URN there has a schema (RST-03, RST-04)', async () => {
    const { body } = await client.get('/ResourceTypes');
    const extensions = Object.fromEntries(
      body.Resources.map((one: { name: string; schemaExtensions: object[] }) => [one.name, one.schemaExtensions]),
    );
    expect(extensions.User).toContainEqual({ schema: USER, required: false });
    expect(extensions.Group).toEqual([{ schema: GROUP, required: false }]);
    for (const { schema, schemaExtensions } of body.Resources) {
      for (const urn of [schema, ...schemaExtensions.map((one: { schema: string }) => one.schema)]) {
        expect((await client.get(`/Schemas/${urn}`)).body.id).toBe(urn);
      }
    }
  });

  test('SMA-10 another application does not have it', async () => {
    const plain = await startServer();
    try {
      expect((await scim(plain).get(`/Schemas/${USER}`)).status).toBe(404);
      const { body } = await scim(plain).post('/Users', person({ badge: 'B-1' }));
      expect(body[USER]).toBeUndefined();
    } finally {
      await plain.close();
    }
  });
});

describe('writing', () => {
  test('values are kept as they came, in the order of the schema, and names in any case are its own', async () => {
    const data = {
      HOURSPERWEEK: 32,
      badge: 'B-1007',
      contractEnds: '2027-01-31T00:00:00+01:00',
      skills: ['Gantt', 'gantt'],
    };
    const user = await create(data);
    expect(user.schemas).toEqual([CORE, USER]);
    expect(user[USER]).toEqual({
      badge: 'B-1007',
      hoursPerWeek: 32,
      contractEnds: '2027-01-31T00:00:00+01:00',
      skills: ['Gantt'],
    });
    expect((await client.get(`/Users/${user.id}`)).body).toEqual(user);
  });

  test.each<[string, object, RegExp]>([
    ['a text for a number', { hoursPerWeek: 'many' }, /planner:2\.0:User:hoursPerWeek must be a whole number/],
    ['a fraction for an integer', { hoursPerWeek: 37.5 }, /hoursPerWeek must be a whole number/],
    ['a date that does not exist', { contractEnds: '2027-02-30T00:00:00Z' }, /contractEnds must be a date and time/],
    ['one value for many', { desk: [{ building: 'A' }] }, /desk must be an object/],
    ['a required part that is missing', { desk: { floor: 3 } }, /desk\.building is required/],
    ['a number for a text', { region: 7 }, /region must be a string/],
  ])('%s is refused: 400 invalidValue, by its path', async (_, data, detail) => {
    const { body } = await pure.post('/Users', person(data));
    expect(body).toMatchObject({ status: '400', scimType: 'invalidValue' });
    expect(body.detail).toMatch(detail);
  });

  test('what is tolerated of providers is tolerated here: a number for a text, a list for one value, a text for a number', async () => {
    expect((await create({ region: 7, desk: [{ building: 'A' }], hoursPerWeek: '8' }))[USER]).toEqual({
      region: '7',
      hoursPerWeek: 8,
      desk: { building: 'A' },
    });
  });

  test('SCH-40 canonical values are suggestions: others are kept too', async () => {
    expect((await create({ region: 'Antarctica' }))[USER]).toEqual({ region: 'Antarctica' });
  });

  test('PATCH reaches it by every form of path', async () => {
    const { id } = await create({ region: 'EMEA', skills: ['Gantt'] });
    const { status, body } = await client.patch(`/Users/${id}`, [
      { op: 'replace', path: `${USER}:region`, value: 'APAC' },
      { op: 'add', path: `${USER}:skills`, value: ['Kanban'] },
      { op: 'add', path: USER, value: { hoursPerWeek: 20 } },
      { op: 'add', value: { [USER]: { desk: { building: 'B' } } } },
      { op: 'replace', value: { [`${USER}:desk.floor`]: 4 } },
    ]);
    expect({ status, [USER]: body[USER] }).toEqual({
      status: 200,
      [USER]: { region: 'APAC', hoursPerWeek: 20, skills: ['Gantt', 'Kanban'], desk: { building: 'B', floor: 4 } },
    });
    const removed = await client.patch(`/Users/${id}`, [{ op: 'remove', path: USER }]);
    expect(removed.body[USER]).toBeUndefined();
    expect(removed.body.schemas).toEqual([CORE]);
  });

  test('PUT replaces all of it', async () => {
    const user = await create({ region: 'EMEA', hoursPerWeek: 20 });
    const { body } = await client.put(`/Users/${user.id}`, { ...user, [USER]: { region: 'AMER' } });
    expect(body[USER]).toEqual({ region: 'AMER' });
  });

  test('SCH-31 what is immutable is given once, whichever way somebody tries to change it', async () => {
    const user = await create({ region: 'EMEA' });
    const path = `/Users/${user.id}`;
    const first = await client.patch(path, [{ op: 'add', path: `${USER}:badge`, value: 'B-1' }]);
    expect(first.body[USER].badge).toBe('B-1');
    const tries = [
      client.patch(path, [{ op: 'replace', path: `${USER}:badge`, value: 'B-2' }]),
      client.patch(path, [{ op: 'remove', path: `${USER}:badge` }]),
      client.patch(path, [{ op: 'remove', path: USER }]),
      client.put(path, { ...user, [USER]: { badge: 'B-2' } }),
    ];
    for (const { body } of await Promise.all(tries)) {
      expect(body).toMatchObject({ status: '400', scimType: 'mutability' });
      expect(body.detail).toContain(`${USER}:badge`);
    }
    // Not sent: it stays. Sent as it is: nothing happened.
    expect((await client.put(path, { ...user, [USER]: { region: 'AMER' } })).body[USER]).toEqual({
      badge: 'B-1',
      region: 'AMER',
    });
    expect((await client.put(path, { ...user, [USER]: { badge: 'B-1' } })).body[USER]).toEqual({ badge: 'B-1' });
  });

  test('a group has its own', async () => {
    const group = { schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group', GROUP], displayName: 'Planning' };
    const { body } = await client.post('/Groups', { ...group, [GROUP]: { costCenter: 'CC-7' } });
    expect(body[GROUP]).toEqual({ costCenter: 'CC-7' });
    const found = await client.get(`/Groups?filter=${encodeURIComponent(`${GROUP}:costCenter eq "cc-7"`)}`);
    expect(found.body.Resources.map(({ id }: { id: string }) => id)).toEqual([body.id]);
  });
});

describe('reading', () => {
  const idsFor = async (filter: string, more = ''): Promise<string[]> => {
    const { status, text, body } = await client.get(`/Users?filter=${encodeURIComponent(filter)}${more}`);
    if (status !== 200) throw new Error(text);
    return body.Resources.map(({ id }: { id: string }) => id);
  };

  test('filters ask for every type, indexed or not', async () => {
    const { id } = await create({
      badge: 'Z-77',
      region: 'Mars',
      hoursPerWeek: 11,
      contractEnds: '2031-05-01T00:00:00+02:00',
      skills: ['Sudoku', 'Tetris'],
      desk: { building: 'Olympus', floor: 9 },
      note: 'of good cheer',
    });
    const at = (name: string) => `${USER}:${name}`;
    for (const filter of [
      `${at('badge')} eq "z-77"`,
      `${at('skills')} eq "tetris"`,
      `${at('SKILLS')} eq "TETRIS" and ${at('badge')} sw "Z"`,
      `${at('hoursPerWeek')} eq 11`,
      `${at('hoursPerWeek')} gt 10 and ${at('region')} eq "mars"`,
      `${at('contractEnds')} eq "2031-04-30T22:00:00Z"`,
      `${at('desk.building')} eq "olympus"`,
      `${at('desk.floor')} ge 9`,
      `${at('note')} co "cheer"`,
    ]) {
      expect({ filter, ids: await idsFor(filter) }).toEqual({ filter, ids: [id] });
    }
    expect(await idsFor(`${USER}:badge eq "Z-7"`)).toEqual([]);
  });

  test('an index follows what is written: changed, taken away, removed with its user', async () => {
    const { id } = await create({ skills: ['Juggling', 'Unicycle'] });
    expect(await idsFor(`${USER}:skills eq "juggling"`)).toEqual([id]);
    await client.patch(`/Users/${id}`, [{ op: 'replace', path: `${USER}:skills`, value: ['Unicycle', 'Trapeze'] }]);
    expect(await idsFor(`${USER}:skills eq "juggling"`)).toEqual([]);
    expect(await idsFor(`${USER}:skills eq "trapeze"`)).toEqual([id]);
    await client.patch(`/Users/${id}`, [{ op: 'remove', path: USER }]);
    expect(await idsFor(`${USER}:skills eq "trapeze"`)).toEqual([]);
    await client.patch(`/Users/${id}`, [{ op: 'add', path: `${USER}:skills`, value: ['Trapeze'] }]);
    await client.delete(`/Users/${id}`);
    expect(await idsFor(`${USER}:skills eq "trapeze"`)).toEqual([]);
  });

  test('it can be sorted by', async () => {
    const one = await create({ region: 'sort', hoursPerWeek: 30 });
    const two = await create({ region: 'sort', hoursPerWeek: 4 });
    const sorted = `&sortBy=${encodeURIComponent(`${USER}:hoursPerWeek`)}`;
    expect(await idsFor(`${USER}:region eq "sort"`, sorted)).toEqual([two.id, one.id]);
    expect(await idsFor(`${USER}:region eq "sort"`, `${sorted}&sortOrder=descending`)).toEqual([one.id, two.id]);
  });

  test('SCH-36 what is returned on request comes when it is named, or was just written, and at no other time', async () => {
    const posted = await client.post('/Users', person({ region: 'EMEA', note: 'likes tea' }));
    const { id } = posted.body;
    expect(posted.body[USER]).toEqual({ region: 'EMEA', note: 'likes tea' });
    const dataOf = async (query: string) => (await client.get(`/Users/${id}${query}`)).body[USER];
    expect(await dataOf('')).toEqual({ region: 'EMEA' });
    expect(await dataOf(`?attributes=${USER}:note`)).toEqual({ note: 'likes tea' });
    expect(await dataOf(`?attributes=${USER}`)).toEqual({ region: 'EMEA' });
    expect(await dataOf('?excludedAttributes=userName')).toEqual({ region: 'EMEA' });
    const listed = await client.get(`/Users?filter=${encodeURIComponent(`id eq "${id}"`)}`);
    expect(listed.body.Resources[0][USER]).toEqual({ region: 'EMEA' });
    const other = await client.patch(`/Users/${id}`, [{ op: 'replace', path: 'title', value: 'x' }]);
    expect(other.body[USER]).toEqual({ region: 'EMEA' });
    for (const operation of [
      { op: 'replace', path: `${USER}:note`, value: 'tea 1' },
      { op: 'add', path: USER, value: { NOTE: 'tea 2' } },
      { op: 'add', value: { [USER]: { note: 'tea 3' } } },
    ]) {
      expect((await client.patch(`/Users/${id}`, [operation])).body[USER].note).toMatch(/^tea \d$/);
    }
    // An echo without it takes it away, as a PUT does with everything that it does not name (RFC 7644 §3.5.1).
    const { body } = await client.get(`/Users/${id}`);
    await client.put(`/Users/${id}`, body);
    expect(await dataOf(`?attributes=${USER}:note`)).toBeUndefined();
  });

  test('a user of whom nothing shown is there has no empty extension', async () => {
    const { id } = await create({ note: 'only this' });
    expect((await client.get(`/Users/${id}`)).body[USER]).toBeUndefined();
  });
});
