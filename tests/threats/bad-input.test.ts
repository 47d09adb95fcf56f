import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ScimReply } from '../harness/index.ts';
import {
  type Customer,
  ENTERPRISE,
  expectRefusal,
  GROUP,
  leavesNoTrace,
  openWorld,
  PATCH_OP,
  type Representation,
  USER,
  user,
  type World,
} from './world.ts';

/** The "Bad input": each refused with its status and scimType, and a detail that names what was wrong. */

/** In every body: a value that no log may hold. */
const SECRET = `s3cret-${randomBytes(12).toString('base64url')}`;

let world: World;
let acme: Customer;
let person: Representation;
let team: Representation;
let foreign: { user: Representation; group: Representation };

beforeAll(async () => {
  world = await openWorld();
  acme = world.acme;
  person = await acme.user('bad.input', {
    title: 'as it was',
    emails: [
      { value: 'a@example.com', type: 'work', primary: true },
      { value: 'b@example.com', type: 'home' },
    ],
  });
  await acme.user('taken', { externalId: '00u-taken' });
  team = await acme.group('bad input', [person.id]);
  await acme.group('Taken');
  foreign = { user: await world.globex.user('foreign'), group: await world.globex.group('foreign') };
});

afterAll(() => world.close());

interface Bad {
  readonly what: string;
  readonly send: () => Promise<ScimReply>;
  readonly status: number;
  readonly scimType?: string | readonly string[];
  /** The attribute, and what was expected. */
  readonly says: RegExp;
}

const post = (body: unknown) => () => acme.post('/Users', body);
const put = (body: unknown) => () => acme.put(`/Users/${person.id}`, body);
const patch =
  (...operations: readonly unknown[]) =>
  () =>
    acme.patch(`/Users/${person.id}`, operations);
const message = (body: unknown) => () => acme.request('PATCH', `/Users/${person.id}`, { body });
const patchGroup =
  (...operations: readonly unknown[]) =>
  () =>
    acme.patch(`/Groups/${team.id}`, operations);
const find = (filter: string) => () => acme.get(`/Users?filter=${encodeURIComponent(filter)}`);
const bad = (attributes: object) => user('bad.input', { password: SECRET, ...attributes });

function holds(name: string, cases: readonly Bad[]): void {
  describe(name, () => {
    for (const { what, send, status, scimType, says } of cases) {
      test(`${what}: ${status} ${scimType ?? ''}`, async () => {
        const before = (await acme.get(`/Users/${person.id}`)).text;
        const reply = await leavesNoTrace(world, send);
        expectRefusal(reply, { status, says, ...(scimType === undefined ? {} : { scimType }) });
        expect(reply.text).not.toContain(SECRET);
        expect((await acme.get(`/Users/${person.id}`)).text).toBe(before);
      });
    }
  });
}

holds('malformed JSON', [
  {
    what: 'cut off',
    send: post(`{"password":"${SECRET}","a":`),
    status: 400,
    scimType: 'invalidSyntax',
    says: /JSON.*character/,
  },
  { what: 'not JSON', send: put(`password=${SECRET}`), status: 400, scimType: 'invalidSyntax', says: /JSON/ },
  { what: 'a list', send: post([bad({})]), status: 400, scimType: 'invalidSyntax', says: /object/ },
  { what: 'a string', send: put(`"${SECRET}"`), status: 400, scimType: 'invalidSyntax', says: /object/ },
  { what: 'no body', send: () => acme.request('POST', '/Users'), status: 400, scimType: 'invalidSyntax', says: /body/ },
  {
    what: '1,000 levels',
    send: post(`{"schemas":["${USER}"],"userName":"x","title":${'['.repeat(1000)}${']'.repeat(1000)}}`),
    status: 400,
    scimType: 'invalidSyntax',
    says: /64 levels/,
  },
  {
    what: '__proto__',
    send: post(`{"schemas":["${USER}"],"userName":"x","__proto__":{"a":"${SECRET}"}}`),
    status: 400,
    scimType: 'invalidSyntax',
    says: /__proto__/,
  },
  {
    what: 'NUL',
    send: put(`{"schemas":["${USER}"],"userName":"bad.input","title":"a\\u0000b"}`),
    status: 400,
    scimType: 'invalidValue',
    says: /NUL.*title|title.*NUL/,
  },
  {
    what: 'a raw NUL',
    send: put(`{"schemas":["${USER}"],"userName":"bad.input","title":"a\u0000b"}`),
    status: 400,
    scimType: ['invalidValue', 'invalidSyntax'],
    says: /NUL|control/,
  },
  {
    what: 'a lone surrogate',
    send: put(`{"schemas":["${USER}"],"userName":"bad.input","title":"a\\ud83d"}`),
    status: 400,
    scimType: 'invalidValue',
    says: /title.*surrogate|surrogate.*title/,
  },
]);

holds('wrong types', [
  {
    what: 'userName a number',
    send: put(bad({ userName: { first: 'x' } })),
    status: 400,
    scimType: 'invalidValue',
    says: /^userName.*(string|text)/,
  },
  {
    what: 'userName a list',
    send: post(bad({ userName: ['a', 'b'] })),
    status: 400,
    scimType: 'invalidValue',
    says: /^userName/,
  },
  {
    what: 'userName a boolean',
    send: post(bad({ userName: true })),
    status: 400,
    scimType: 'invalidValue',
    says: /^userName/,
  },
  {
    what: 'userName missing',
    send: post({ schemas: [USER], password: SECRET }),
    status: 400,
    scimType: 'invalidValue',
    says: /userName/,
  },
  {
    what: 'userName null',
    send: put(bad({ userName: null })),
    status: 400,
    scimType: 'invalidValue',
    says: /userName/,
  },
  { what: 'userName empty', send: put(bad({ userName: '' })), status: 400, scimType: 'invalidValue', says: /userName/ },
  {
    what: 'active a word',
    send: put(bad({ active: 'perhaps' })),
    status: 400,
    scimType: 'invalidValue',
    says: /^active.*(true|boolean)/,
  },
  { what: 'active a number', send: put(bad({ active: 1 })), status: 400, scimType: 'invalidValue', says: /^active/ },
  {
    what: 'name a string',
    send: put(bad({ name: SECRET })),
    status: 400,
    scimType: 'invalidValue',
    says: /^name.*object/,
  },
  {
    what: 'name.givenName an object',
    send: put(bad({ name: { givenName: { x: SECRET } } })),
    status: 400,
    scimType: 'invalidValue',
    says: /^name\.givenName/,
  },
  { what: 'emails a number', send: put(bad({ emails: 5 })), status: 400, scimType: 'invalidValue', says: /^emails/ },
  {
    what: 'an e-mail within a list within a list',
    send: put(bad({ emails: [[{ value: 'a@b' }]] })),
    status: 400,
    scimType: 'invalidValue',
    says: /^emails/,
  },
  {
    what: 'two primary addresses',
    send: put(
      bad({
        emails: [
          { value: 'a', primary: true },
          { value: 'b', primary: true },
        ],
      }),
    ),
    status: 400,
    scimType: 'invalidValue',
    says: /^emails.*primary/,
  },
  {
    what: 'primary a number',
    send: put(bad({ emails: [{ value: 'a', primary: 2 }] })),
    status: 400,
    scimType: 'invalidValue',
    says: /primary/,
  },
  {
    what: 'a certificate that is no base64',
    send: put(bad({ x509Certificates: [{ value: '!!' }] })),
    status: 400,
    scimType: 'invalidValue',
    says: /x509Certificates.*base64/,
  },
  {
    what: 'the enterprise extension a string',
    send: put(bad({ [ENTERPRISE]: SECRET })),
    status: 400,
    scimType: 'invalidValue',
    says: /enterprise.*object/,
  },
  {
    what: 'department an object',
    send: put(bad({ [ENTERPRISE]: { department: { name: SECRET } } })),
    status: 400,
    scimType: 'invalidValue',
    says: /department/,
  },
  {
    what: 'members of a group a number',
    send: () => acme.put(`/Groups/${team.id}`, { schemas: [GROUP], displayName: 'bad input', members: 5 }),
    status: 400,
    scimType: 'invalidValue',
    says: /^members/,
  },
  {
    what: 'a member without a value',
    send: patchGroup({ op: 'add', path: 'members', value: [{ display: SECRET }] }),
    status: 400,
    scimType: 'invalidValue',
    says: /members.*value/,
  },
  {
    what: 'a group without a name',
    send: () => acme.post('/Groups', { schemas: [GROUP] }),
    status: 400,
    scimType: 'invalidValue',
    says: /displayName/,
  },
  {
    what: 'text of a million characters',
    send: put(bad({ title: 'x'.repeat(1_000_000) })),
    status: 400,
    scimType: 'invalidValue',
    says: /^title.*65536/,
  },
]);

holds('schemas', [
  {
    what: 'none',
    send: post({ userName: 'x', password: SECRET }),
    status: 400,
    scimType: ['invalidSyntax', 'invalidValue'],
    says: /schemas/,
  },
  {
    what: 'an empty list',
    send: put({ ...bad({}), schemas: [] }),
    status: 400,
    scimType: ['invalidSyntax', 'invalidValue'],
    says: /schemas.*User/,
  },
  {
    what: 'only the extension',
    send: put({ ...bad({}), schemas: [ENTERPRISE] }),
    status: 400,
    scimType: ['invalidSyntax', 'invalidValue'],
    says: /schemas.*User/,
  },
  {
    what: "another type's",
    send: put({ ...bad({}), schemas: [GROUP] }),
    status: 400,
    scimType: ['invalidSyntax', 'invalidValue'],
    says: /schemas.*User/,
  },
  {
    what: 'a string',
    send: put({ ...bad({}), schemas: 'urn:x' }),
    status: 400,
    scimType: ['invalidSyntax', 'invalidValue'],
    says: /schemas/,
  },
  {
    what: 'a PATCH without the message URN',
    send: message({ Operations: [{ op: 'remove', path: 'title' }] }),
    status: 400,
    scimType: 'invalidSyntax',
    says: /schemas.*PatchOp/,
  },
]);

holds('bad filters', [
  { what: 'half a comparison', send: find('userName eq'), status: 400, scimType: 'invalidFilter', says: /end.*value after "eq"/ },
  {
    what: 'an unknown operator',
    send: find('userName is "x"'),
    status: 400,
    scimType: 'invalidFilter',
    says: /character|eq/,
  },
  {
    what: 'an unknown attribute',
    send: find('shoeSize eq "x"'),
    status: 400,
    scimType: 'invalidFilter',
    says: /shoeSize/,
  },
  {
    what: 'an unknown sub-attribute',
    send: find('name.shoe eq "x"'),
    status: 400,
    scimType: 'invalidFilter',
    says: /name\.shoe/,
  },
  {
    what: 'a boolean compared with text',
    send: find('active eq "perhaps"'),
    status: 400,
    scimType: 'invalidFilter',
    says: /active/,
  },
  {
    what: 'a boolean that is greater',
    send: find('active gt true'),
    status: 400,
    scimType: 'invalidFilter',
    says: /active/,
  },
  {
    what: 'a date that is none',
    send: find('meta.created gt "soon"'),
    status: 400,
    scimType: 'invalidFilter',
    says: /meta\.created/,
  },
  {
    what: 'a bracket that stays open',
    send: find('emails[type eq "work"'),
    status: 400,
    scimType: 'invalidFilter',
    says: /character|\]/,
  },
  {
    what: 'a parenthesis too many',
    send: find('(userName pr))'),
    status: 400,
    scimType: 'invalidFilter',
    says: /character/,
  },
  {
    what: 'brackets in brackets',
    send: find('emails[value[type eq "x"]]'),
    status: 400,
    scimType: 'invalidFilter',
    says: /character|emails/,
  },
  { what: 'nothing', send: find(''), status: 400, scimType: 'invalidFilter', says: /filter/i },
  {
    what: 'a string that stays open',
    send: find('userName eq "x'),
    status: 400,
    scimType: 'invalidFilter',
    says: /character|quote/,
  },
  {
    what: 'a password',
    send: find(`password eq "${SECRET}"`),
    status: 400,
    scimType: 'invalidFilter',
    says: /password/,
  },
  {
    what: 'an array index',
    send: find('emails[0].value eq "x"'),
    status: 400,
    scimType: 'invalidFilter',
    says: /character|emails/,
  },
  {
    what: '10,000 parentheses',
    send: find(`${'('.repeat(4000)}userName pr${')'.repeat(4000)}`),
    status: 400,
    scimType: 'invalidFilter',
    says: /levels|long/,
  },
]);

holds('bad paths', [
  {
    what: 'an unknown attribute',
    send: patch({ op: 'replace', path: 'shoeSize', value: SECRET }),
    status: 400,
    scimType: 'invalidPath',
    says: /shoeSize/,
  },
  {
    what: 'an unknown sub-attribute',
    send: patch({ op: 'replace', path: 'name.shoe', value: SECRET }),
    status: 400,
    scimType: 'invalidPath',
    says: /name\.shoe/,
  },
  {
    what: 'an index',
    send: patch({ op: 'replace', path: 'emails[0].value', value: SECRET }),
    status: 400,
    scimType: ['invalidPath', 'invalidFilter'],
    says: /emails|character/,
  },
  {
    what: 'a JSON pointer',
    send: patch({ op: 'replace', path: '/emails/0/value', value: SECRET }),
    status: 400,
    scimType: 'invalidPath',
    says: /path/,
  },
  {
    what: 'a filter in it that is none',
    send: patch({ op: 'replace', path: 'emails[type is "work"].value', value: SECRET }),
    status: 400,
    scimType: 'invalidFilter',
    says: /character|operator/,
  },
  { what: 'a number', send: patch({ op: 'replace', path: 5, value: SECRET }), status: 400, says: /path/ },
  {
    what: 'empty',
    send: patch({ op: 'remove', path: '' }),
    status: 400,
    scimType: ['invalidPath', 'noTarget'],
    says: /path/,
  },
  {
    what: 'a filter that matches nothing',
    send: patch({ op: 'replace', path: 'emails[value eq "nobody@example.com"].display', value: 'x' }),
    status: 400,
    scimType: 'noTarget',
    says: /emails/,
  },
  { what: 'none, of a remove', send: patch({ op: 'remove' }), status: 400, scimType: 'noTarget', says: /path/ },
]);

holds('bad operations', [
  {
    what: 'an unknown op',
    send: patch({ op: 'move', path: 'title', value: 'x' }),
    status: 400,
    scimType: 'invalidSyntax',
    says: /op.*(add|replace)/,
  },
  { what: 'no op', send: patch({ path: 'title', value: 'x' }), status: 400, scimType: 'invalidSyntax', says: /op/ },
  {
    what: 'no operations',
    send: message({ schemas: [PATCH_OP], Operations: [] }),
    status: 400,
    scimType: 'invalidSyntax',
    says: /Operations/,
  },
  {
    what: 'operations that are no list',
    send: message({ schemas: [PATCH_OP], Operations: 'x' }),
    status: 400,
    scimType: 'invalidSyntax',
    says: /Operations/,
  },
  {
    what: 'an operation that is no object',
    send: patch('x'),
    status: 400,
    scimType: 'invalidSyntax',
    says: /Operations/,
  },
  {
    what: 'an add without a value',
    send: patch({ op: 'add', path: 'title' }),
    status: 400,
    scimType: 'invalidValue',
    says: /value/,
  },
  {
    what: 'a path-less value that is no object',
    send: patch({ op: 'replace', value: SECRET }),
    status: 400,
    scimType: 'invalidValue',
    says: /value.*object|object/,
  },
  {
    what: 'a readOnly attribute',
    send: patch({ op: 'replace', path: 'id', value: 'x' }),
    status: 400,
    scimType: 'mutability',
    says: /id/,
  },
  {
    what: 'groups of a user',
    send: patch({ op: 'add', path: 'groups', value: [{ value: 'x' }] }),
    status: 400,
    scimType: 'mutability',
    says: /groups/,
  },
  {
    what: 'userName removed',
    send: patch({ op: 'remove', path: 'userName' }),
    status: 400,
    scimType: ['mutability', 'invalidValue'],
    says: /userName/,
  },
  {
    what: 'a member edited',
    send: () =>
      acme.patch(`/Groups/${team.id}`, [{ op: 'replace', path: `members[value eq "${person.id}"].value`, value: 'x' }]),
    status: 400,
    scimType: 'mutability',
    says: /members/,
  },
  {
    what: 'three operations, the last bad: none is applied',
    send: patch(
      { op: 'replace', path: 'title', value: 'changed' },
      { op: 'add', path: 'emails', value: [{ value: 'c@example.com' }] },
      { op: 'replace', path: 'active', value: 'perhaps' },
    ),
    status: 400,
    scimType: 'invalidValue',
    says: /active/,
  },
  {
    what: 'members and a name that is taken: none is applied',
    send: patchGroup({ op: 'remove', path: 'members' }, { op: 'replace', path: 'displayName', value: 'TAKEN' }),
    status: 409,
    scimType: 'uniqueness',
    says: /displayName.*TAKEN/,
  },
]);

holds('ids and names of others', [
  {
    what: 'a user of another directory',
    send: () => acme.get(`/Users/${foreign.user.id}`),
    status: 404,
    says: /user.*id/,
  },
  {
    what: 'PUT on a user of another directory',
    send: () => acme.put(`/Users/${foreign.user.id}`, bad({})),
    status: 404,
    says: /user.*id/,
  },
  {
    what: 'a group of another directory',
    send: () => acme.delete(`/Groups/${foreign.group.id}`),
    status: 404,
    says: /group.*id/,
  },
  {
    what: 'a member of another directory',
    send: () => acme.patch(`/Groups/${team.id}`, [{ op: 'add', path: 'members', value: [{ value: foreign.user.id }] }]),
    status: 400,
    scimType: 'invalidValue',
    says: /^members/,
  },
  {
    what: 'a group in itself',
    send: () => acme.patch(`/Groups/${team.id}`, [{ op: 'add', path: 'members', value: [{ value: team.id }] }]),
    status: 400,
    scimType: 'invalidValue',
    says: /itself/,
  },
  {
    what: 'a userName that is taken',
    send: post(bad({ userName: 'TAKEN' })),
    status: 409,
    scimType: 'uniqueness',
    says: /userName.*TAKEN/,
  },
  {
    what: 'an externalId that is taken',
    send: put(bad({ externalId: '00u-taken' })),
    status: 409,
    scimType: 'uniqueness',
    says: /externalId.*00u-taken/,
  },
  {
    what: 'a version that has passed',
    send: () => acme.put(`/Users/${person.id}`, bad({}), { 'if-match': 'W/"0"' }),
    status: 412,
    says: /changed/,
  },
  {
    what: 'an If-Match that is none',
    send: () => acme.put(`/Users/${person.id}`, bad({}), { 'if-match': 'yes' }),
    status: 400,
    says: /If-Match/,
  },
]);

holds('bad queries', [
  {
    what: 'startIndex a word',
    send: () => acme.get('/Users?startIndex=x'),
    status: 400,
    scimType: 'invalidValue',
    says: /startIndex/,
  },
  {
    what: 'count a fraction',
    send: () => acme.get('/Users?count=1.5'),
    status: 400,
    scimType: 'invalidValue',
    says: /count/,
  },
  {
    what: 'attributes and excludedAttributes',
    send: () => acme.get('/Users?attributes=userName&excludedAttributes=name'),
    status: 400,
    scimType: 'invalidValue',
    says: /attributes.*excludedAttributes/,
  },
  {
    what: 'a filter on a filterless endpoint',
    send: () => acme.get('/Schemas?filter=id%20pr'),
    status: 403,
    says: /filter/,
  },
]);

holds('sizes', [
  {
    what: '11 MB for a user',
    send: post(bad({ userName: 'big', title: 'x'.repeat(11 * 2 ** 20) })),
    status: 413,
    says: /10 MiB/,
  },
  {
    what: '11 MB in a PATCH',
    send: patch({ op: 'replace', path: 'title', value: 'x'.repeat(11 * 2 ** 20) }),
    status: 413,
    says: /10 MiB/,
  },
  {
    what: '33 MB for a group',
    send: () => acme.post('/Groups', { schemas: [GROUP], displayName: 'x'.repeat(33 * 2 ** 20) }),
    status: 413,
    says: /32 MiB/,
  },
  {
    what: '11 MB for a group is read, and its name is too long',
    send: () => acme.post('/Groups', { schemas: [GROUP], displayName: 'x'.repeat(11 * 2 ** 20) }),
    status: 400,
    scimType: 'invalidValue',
    says: /^displayName/,
  },
]);

test('an extension that nobody knows is dropped by default, and nothing of it is stored', async () => {
  const urn = 'urn:example:params:scim:schemas:extension:2.0:User';
  const made = await acme.post('/Users', { schemas: [USER, urn], userName: 'extended', [urn]: { secret: SECRET } });
  expect(made).toMatchObject({ status: 201, body: { schemas: [USER] } });
  expect(made.text).not.toContain(urn);
  expect((await acme.get(`/Users/${made.body.id}`)).text).not.toContain(SECRET);
});

test('after all of it, the log holds no secret and no value', async () => {
  await pause(400);
  const logs = world.server.logs();
  expect(logs.split('\n').length).toBeGreaterThan(100);
  expect(logs).not.toContain(SECRET);
  expect(logs).not.toMatch(/bad\.input|example\.com|00u-taken/);
  for (const { token } of [acme, world.globex]) expect(logs).not.toContain(token.slice(3));
  expect(logs).not.toMatch(/"status":5/);
});
