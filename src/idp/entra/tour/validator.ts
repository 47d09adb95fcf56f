import { asArray, asText, type Json, type JsonObject, member } from '../../json.ts';
import { idOf, recordsOf } from '../../judge/reader.ts';
import { patchOf } from '../../patch-op.ts';
import { ENTERPRISE, GROUP, USER } from '../../scim.ts';
import { expect, note } from '../../tour.ts';
import type { Step, Tour } from './tour.ts';

/** What Microsoft's validator and gallery suite ask beyond the traffic of a job (idp-clients §2.4, §2.5). */
export const validating: readonly Step[] = [
  {
    title: "The validator's users",
    run: async (tour) => {
      const userName = `validator.${tour.run}@contoso.example.com`;
      const who = 'A user of the validator';
      // "PATCH add verbose" starts from the least that a user can be.
      const id = idOf(await write(tour, who, { method: 'POST', path: '/Users', body: { userName, schemas: [USER] } }));
      const path = `/Users/${id}`;
      await patch(tour, who, { path, operations: VERBOSE });
      const renamed = `renamed.${userName}`;
      await patch(tour, who, { path, operations: [{ op: 'replace', value: { userName: renamed } }] });
      const read = await tour.reader.get('/Users', id);
      const role = asArray(member(read.json, 'roles'))?.[0];
      const shown: [string, Json | undefined, Json | undefined][] = [
        ['userName', renamed, member(read.json, 'userName')],
        ['timezone', 'Zzqx/17', member(read.json, 'timezone')],
        ['locale', 'no-such-locale', member(read.json, 'locale')],
        ['name.givenName', 'Vera', member(member(read.json, 'name'), 'givenName')],
        ['roles[primary eq "True"].value', 'reader', member(role, 'value')],
        ['roles[primary eq "True"].primary', true, member(role, 'primary')],
        [`${ENTERPRISE}:manager.value`, 'nobody-7f', managerOf(read.json)],
      ];
      for (const [attribute, expected, found] of shown) expect(tour, [who, attribute], { expected, found });
      for (const name of [renamed, renamed.toUpperCase()]) {
        const found = recordsOf(await tour.reader.find('/Users', 'userName', name)).map(idOf);
        expect(tour, [who, `the look-up by userName ${JSON.stringify(name)}`], { expected: id, found: found.join() });
      }
      const twin = { userName: renamed.toUpperCase(), schemas: [USER] };
      await refused(tour, [who, 'the status of a second create'], { path: '/Users', body: twin });
      await deleted(tour, who, path);
      return 'made of nothing but a name, filled, renamed, found in another case, refused a twin, deleted';
    },
  },
  {
    title: "The validator's groups",
    run: async (tour) => {
      const who = 'A group of the validator';
      const [a, b] = tour.entra.people.flatMap(({ accountId }) => accountId ?? []);
      if (a === undefined || b === undefined) return 'nobody to put into a group';
      const displayName = `Validator ${tour.run}`;
      const body = { displayName, externalId: tour.run, schemas: [GROUP], members: [{ value: a }] };
      const path = `/Groups/${idOf(await write(tour, who, { method: 'POST', path: '/Groups', body }))}`;
      await patch(tour, who, { path, operations: [{ op: 'replace', value: { externalId: `x${tour.run}` } }] });
      await patch(tour, who, { path, operations: [{ op: 'replace', path: 'members', value: [{ value: b }] }] });
      await expectMembers(tour, [who, 'members after a replace'], { path, ids: [b] });
      const both = [
        { op: 'add', path: 'members', value: [{ value: a }] },
        { op: 'remove', path: `members[value eq "${b}"]` },
      ];
      await patch(tour, who, { path, operations: both });
      await expectMembers(tour, [who, 'members after an add and a remove in one'], { path, ids: [a] });
      const read = await tour.reader.get('/Groups', path.split('/')[2] ?? '');
      expect(tour, [who, 'externalId'], { expected: `x${tour.run}`, found: member(read.json, 'externalId') });
      for (const name of [displayName, displayName.toUpperCase()]) {
        const found = recordsOf(await tour.reader.find('/Groups', 'displayName', name)).map(idOf);
        const what = `the look-up by displayName ${JSON.stringify(name)}`;
        expect(tour, [who, what], { expected: path.split('/')[2], found: found.join() });
      }
      const twin = { displayName: displayName.toUpperCase(), schemas: [GROUP] };
      await refused(tour, [who, 'the status of a second create'], { path: '/Groups', body: twin });
      await deleted(tour, who, path);
      return 'members replaced, added and removed in one request, refused a twin, deleted';
    },
  },
  {
    title: 'Pages of five, as the gallery suite turns them',
    run: async (tour) => {
      const seen = new Set<string>();
      let pages = 0;
      for (; pages < 3; pages++) {
        const page = await tour.reader.page('/Users', pages * 5 + 1, 5);
        note(tour, 'A page of five', page.problem);
        for (const record of recordsOf(page)) seen.add(idOf(record));
      }
      const total = (await tour.reader.total('/Users')) ?? 0;
      expect(tour, ['Pages of five', 'the number of different users'], {
        expected: Math.min(15, total),
        found: seen.size,
      });
      return `${pages} pages, ${seen.size} different users`;
    },
  },
];

/** Random words and a manager whom nobody knows: none may be refused (idp-clients §2.2, §2.4). */
const VERBOSE: readonly JsonObject[] = [
  { op: 'add', path: 'emails[type eq "work"].value', value: 'vera@validator.example.com' },
  { op: 'add', path: 'emails[type eq "work"].primary', value: true },
  { op: 'add', path: 'addresses[type eq "work"].country', value: 'Nowhere' },
  { op: 'add', path: 'phoneNumbers[type eq "fax"].value', value: '77-77-77' },
  { op: 'add', path: 'roles[primary eq "True"].display', value: 'Reader' },
  { op: 'add', path: 'roles[primary eq "True"].value', value: 'reader' },
  {
    op: 'add',
    value: {
      'name.givenName': 'Vera',
      'name.familyName': 'Validator',
      timezone: 'Zzqx/17',
      locale: 'no-such-locale',
      [`${ENTERPRISE}:department`]: 'Q',
      [`${ENTERPRISE}:manager`]: 'nobody-7f',
    },
  },
];

interface Write {
  readonly method: 'POST' | 'PATCH';
  readonly path: string;
  readonly body: JsonObject;
}

async function write(tour: Tour, who: string, { method, path, body }: Write): Promise<Json | undefined> {
  const kind = path.startsWith('/Users') ? 'user' : 'group';
  const operation = method === 'POST' ? `create ${kind}` : `patch ${kind}`;
  const { problem, json } = await tour.entra.client.call({ operation, method, path, body });
  note(tour, who, problem);
  return json;
}

interface Change {
  readonly path: string;
  readonly operations: readonly JsonObject[];
}

async function patch(tour: Tour, who: string, { path, operations }: Change): Promise<void> {
  await write(tour, who, { method: 'PATCH', path, body: patchOf(operations) });
}

interface Create {
  readonly path: string;
  readonly body: JsonObject;
}

async function refused(tour: Tour, what: readonly [string, string], { path, body }: Create): Promise<void> {
  const { status } = await tour.reader.change('POST', path, body);
  expect(tour, what, { expected: 409, found: status });
}

/** DELETE is 204, the read and the DELETE after it 404. */
async function deleted(tour: Tour, who: string, path: string): Promise<void> {
  const kind = path.startsWith('/Users') ? 'user' : 'group';
  const request = { operation: `delete ${kind}`, method: 'DELETE', path } as const;
  const first = await tour.entra.client.call(request);
  expect(tour, [who, 'the status of a DELETE'], { expected: 204, found: first.status });
  const again = await tour.entra.client.call(request);
  expect(tour, [who, 'the status of a second DELETE'], { expected: 404, found: again.status });
  const endpoint = kind === 'user' ? '/Users' : '/Groups';
  const read = await tour.reader.get(endpoint, path.split('/')[2] ?? '');
  expect(tour, [who, 'the status of a read after the DELETE'], { expected: 404, found: read.status });
}

async function expectMembers(
  tour: Tour,
  what: readonly [string, string],
  { path, ids }: { path: string; ids: readonly string[] },
): Promise<void> {
  const { json } = await tour.reader.get('/Groups', path.split('/')[2] ?? '');
  const found = (asArray(member(json, 'members')) ?? []).map((row) => member(row, 'value'));
  expect(tour, what, { expected: ids.toSorted().join(), found: found.map(String).sort().join() });
}

function managerOf(json: Json | undefined): string | undefined {
  return asText(member(member(member(json, ENTERPRISE), 'manager'), 'value'));
}
