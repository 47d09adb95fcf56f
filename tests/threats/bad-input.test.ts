import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { ScimReply } from '../harness/index.ts';
import { worldOfFile } from './file-world.ts';
import { ENTERPRISE, expectRefusal, GROUP, leavesNoTrace, PATCH_OP, USER, user } from './world.ts';

/** The "Bad input": each refused with its status and scimType, and a detail that names what was wrong. */

/** In every body: a value that no log may hold. */
const SECRET = `s3cret-${randomBytes(12).toString('base64url')}`;

const world = await worldOfFile();
const { acme, globex } = world;
const person = await acme.user('bad.input', {
  title: 'as it was',
  emails: [
    { value: 'a@example.com', type: 'work', primary: true },
    { value: 'b@example.com', type: 'home' },
  ],
});
await acme.user('taken', { externalId: '00u-taken' });
const team = await acme.group('bad input', [person.id]);
await acme.group('Taken');
const foreign = { user: await globex.user('foreign'), group: await globex.group('foreign') };

/** What is wrong, as sent; the status and scimType; what the detail must say: the attribute, and what was expected. */
type Bad = readonly [what: string, send: () => Promise<ScimReply>, answer: string, says: RegExp];

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
    test.each(cases)('%s', async (_, send, answer, says) => {
      const before = (await acme.get(`/Users/${person.id}`)).text;
      const reply = await leavesNoTrace(world, send);
      const [status, scimType] = answer.split(' ');
      expectRefusal(reply, {
        status: Number(status),
        says,
        ...(scimType === undefined ? {} : { scimType: scimType.split('|') }),
      });
      expect(reply.text).not.toContain(SECRET);
      expect((await acme.get(`/Users/${person.id}`)).text).toBe(before);
    });
  });
}

holds('malformed JSON', [
  ['cut off', post(`{"password":"${SECRET}","a":`), '400 invalidSyntax', /JSON.*character/],
  ['not JSON', put(`password=${SECRET}`), '400 invalidSyntax', /JSON/],
  ['a list', post([bad({})]), '400 invalidSyntax', /object/],
  ['a string', put(`"${SECRET}"`), '400 invalidSyntax', /object/],
  ['no body', () => acme.request('POST', '/Users'), '400 invalidSyntax', /body/],
  [
    '1,000 levels',
    post(`{"schemas":["${USER}"],"userName":"x","title":${'['.repeat(1000)}${']'.repeat(1000)}}`),
    '400 invalidSyntax',
    /64 levels/,
  ],
  [
    '__proto__',
    post(`{"schemas":["${USER}"],"userName":"x","__proto__":{"a":"${SECRET}"}}`),
    '400 invalidSyntax',
    /__proto__/,
  ],
  [
    'NUL',
    put(`{"schemas":["${USER}"],"userName":"bad.input","title":"a\\u0000b"}`),
    '400 invalidValue',
    /NUL.*title|title.*NUL/,
  ],
  [
    'a raw NUL',
    put(`{"schemas":["${USER}"],"userName":"bad.input","title":"a\u0000b"}`),
    '400 invalidValue|invalidSyntax',
    /NUL|control/,
  ],
  [
    'a lone surrogate',
    put(`{"schemas":["${USER}"],"userName":"bad.input","title":"a\\ud83d"}`),
    '400 invalidValue',
    /title.*surrogate|surrogate.*title/,
  ],
]);

holds('wrong types', [
  ['userName an object', put(bad({ userName: { first: 'x' } })), '400 invalidValue', /^userName.*(string|text)/],
  ['userName a list', post(bad({ userName: ['a', 'b'] })), '400 invalidValue', /^userName/],
  ['userName a boolean', post(bad({ userName: true })), '400 invalidValue', /^userName/],
  ['userName missing', post({ schemas: [USER], password: SECRET }), '400 invalidValue', /userName/],
  ['userName null', put(bad({ userName: null })), '400 invalidValue', /userName/],
  ['userName empty', put(bad({ userName: '' })), '400 invalidValue', /userName/],
  ['active a word', put(bad({ active: 'perhaps' })), '400 invalidValue', /^active.*(true|boolean)/],
  ['active a number', put(bad({ active: 1 })), '400 invalidValue', /^active/],
  ['name a string', put(bad({ name: SECRET })), '400 invalidValue', /^name.*object/],
  [
    'name.givenName an object',
    put(bad({ name: { givenName: { x: SECRET } } })),
    '400 invalidValue',
    /^name\.givenName/,
  ],
  ['emails a number', put(bad({ emails: 5 })), '400 invalidValue', /\bemails\b/],
  [
    'an e-mail within a list within a list',
    put(bad({ emails: [[{ value: 'a@b' }]] })),
    '400 invalidValue',
    /\bemails\b/,
  ],
  [
    'two primary addresses',
    put(
      bad({
        emails: [
          { value: 'a', primary: true },
          { value: 'b', primary: true },
        ],
      }),
    ),
    '400 invalidValue',
    /\bemails\b.*primary/,
  ],
  ['primary a number', put(bad({ emails: [{ value: 'a', primary: 2 }] })), '400 invalidValue', /primary/],
  [
    'a certificate that is no base64',
    put(bad({ x509Certificates: [{ value: '!!' }] })),
    '400 invalidValue',
    /x509Certificates.*base64/,
  ],
  ['the enterprise extension a string', put(bad({ [ENTERPRISE]: SECRET })), '400 invalidValue', /enterprise.*object/],
  [
    'department an object',
    put(bad({ [ENTERPRISE]: { department: { name: SECRET } } })),
    '400 invalidValue',
    /department/,
  ],
  [
    'members of a group a number',
    () => acme.put(`/Groups/${team.id}`, { schemas: [GROUP], displayName: 'bad input', members: 5 }),
    '400 invalidValue',
    /^members/,
  ],
  [
    'a member without a value',
    patchGroup({ op: 'add', path: 'members', value: [{ display: SECRET }] }),
    '400 invalidValue',
    /members.*value/,
  ],
  ['a group without a name', () => acme.post('/Groups', { schemas: [GROUP] }), '400 invalidValue', /displayName/],
  ['text of a million characters', put(bad({ title: 'x'.repeat(1_000_000) })), '400 invalidValue', /^title.*65536/],
]);

holds('schemas', [
  ['none', post({ userName: 'x', password: SECRET }), '400 invalidSyntax|invalidValue', /schemas/],
  ['an empty list', put({ ...bad({}), schemas: [] }), '400 invalidSyntax|invalidValue', /schemas.*User/],
  ['only the extension', put({ ...bad({}), schemas: [ENTERPRISE] }), '400 invalidSyntax|invalidValue', /schemas.*User/],
  ["another type's", put({ ...bad({}), schemas: [GROUP] }), '400 invalidSyntax|invalidValue', /schemas.*User/],
  ['a string', put({ ...bad({}), schemas: 'urn:x' }), '400 invalidSyntax|invalidValue', /schemas/],
  [
    'a PATCH without the message URN',
    message({ Operations: [{ op: 'remove', path: 'title' }] }),
    '400 invalidSyntax',
    /schemas.*PatchOp/,
  ],
]);

holds('bad filters', [
  ['half a comparison', find('userName eq'), '400 invalidFilter', /end.*value after "eq"/],
  ['an unknown operator', find('userName is "x"'), '400 invalidFilter', /character|eq/],
  ['an unknown attribute', find('shoeSize eq "x"'), '400 invalidFilter', /shoeSize/],
  ['an unknown sub-attribute', find('name.shoe eq "x"'), '400 invalidFilter', /name\.shoe/],
  ['a boolean compared with text', find('active eq "perhaps"'), '400 invalidFilter', /active/],
  ['a boolean that is greater', find('active gt true'), '400 invalidFilter', /active/],
  ['a date that is none', find('meta.created gt "soon"'), '400 invalidFilter', /meta\.created/],
  ['a bracket that stays open', find('emails[type eq "work"'), '400 invalidFilter', /character|\]/],
  ['a parenthesis too many', find('(userName pr))'), '400 invalidFilter', /character/],
  ['brackets in brackets', find('emails[value[type eq "x"]]'), '400 invalidFilter', /character|emails/],
  ['nothing', find(''), '400 invalidFilter', /filter/i],
  ['a string that stays open', find('userName eq "x'), '400 invalidFilter', /character|quote/],
  ['a password', find(`password eq "${SECRET}"`), '400 invalidFilter', /password/],
  ['an array index', find('emails[0].value eq "x"'), '400 invalidFilter', /character|emails/],
  ['10,000 parentheses', find(`${'('.repeat(4000)}userName pr${')'.repeat(4000)}`), '400 invalidFilter', /levels|long/],
]);

holds('bad paths', [
  ['an unknown attribute', patch({ op: 'replace', path: 'shoeSize', value: SECRET }), '400 invalidPath', /shoeSize/],
  [
    'an unknown sub-attribute',
    patch({ op: 'replace', path: 'name.shoe', value: SECRET }),
    '400 invalidPath',
    /name\.shoe/,
  ],
  [
    'an index',
    patch({ op: 'replace', path: 'emails[0].value', value: SECRET }),
    '400 invalidPath|invalidFilter',
    /emails|character/,
  ],
  ['a JSON pointer', patch({ op: 'replace', path: '/emails/0/value', value: SECRET }), '400 invalidPath', /path/],
  [
    'a filter in it that is none',
    patch({ op: 'replace', path: 'emails[type is "work"].value', value: SECRET }),
    '400 invalidFilter',
    /character|operator/,
  ],
  ['a number', patch({ op: 'replace', path: 5, value: SECRET }), '400', /path/],
  ['empty', patch({ op: 'remove', path: '' }), '400 invalidPath|noTarget', /path/],
  [
    'a filter that matches nothing',
    patch({ op: 'replace', path: 'emails[value eq "nobody@example.com"].display', value: 'x' }),
    '400 noTarget',
    /emails/,
  ],
  ['none, of a remove', patch({ op: 'remove' }), '400 noTarget', /path/],
]);

holds('bad operations', [
  ['an unknown op', patch({ op: 'move', path: 'title', value: 'x' }), '400 invalidSyntax', /op.*(add|replace)/],
  ['no op', patch({ path: 'title', value: 'x' }), '400 invalidSyntax', /op/],
  ['no operations', message({ schemas: [PATCH_OP] }), '400 invalidSyntax', /Operations/],
  ['operations that are no list', message({ schemas: [PATCH_OP], Operations: 'x' }), '400 invalidSyntax', /Operations/],
  ['an operation that is no object', patch('x'), '400 invalidSyntax', /Operations/],
  ['an add without a value', patch({ op: 'add', path: 'title' }), '400 invalidValue', /value/],
  [
    'a path-less value that is no object',
    patch({ op: 'replace', value: SECRET }),
    '400 invalidValue',
    /value.*object|object/,
  ],
  ['a readOnly attribute', patch({ op: 'replace', path: 'id', value: 'x' }), '400 mutability', /id/],
  ['groups of a user', patch({ op: 'add', path: 'groups', value: [{ value: 'x' }] }), '400 mutability', /groups/],
  ['userName removed', patch({ op: 'remove', path: 'userName' }), '400 mutability|invalidValue', /userName/],
  [
    'a member edited',
    () =>
      acme.patch(`/Groups/${team.id}`, [{ op: 'replace', path: `members[value eq "${person.id}"].value`, value: 'x' }]),
    '400 mutability',
    /members/,
  ],
  [
    'three operations, the last bad: none is applied',
    patch(
      { op: 'replace', path: 'title', value: 'changed' },
      { op: 'add', path: 'emails', value: [{ value: 'c@example.com' }] },
      { op: 'replace', path: 'active', value: 'perhaps' },
    ),
    '400 invalidValue',
    /active/,
  ],
  [
    'members and a name that is taken: none is applied',
    patchGroup({ op: 'remove', path: 'members' }, { op: 'replace', path: 'displayName', value: 'TAKEN' }),
    '409 uniqueness',
    /displayName.*TAKEN/,
  ],
]);

holds('ids and names of others', [
  ['a user of another directory', () => acme.get(`/Users/${foreign.user.id}`), '404', /user.*id/],
  ['PUT on a user of another directory', () => acme.put(`/Users/${foreign.user.id}`, bad({})), '404', /user.*id/],
  ['a group of another directory', () => acme.delete(`/Groups/${foreign.group.id}`), '404', /group.*id/],
  [
    'a member of another directory',
    () => acme.patch(`/Groups/${team.id}`, [{ op: 'add', path: 'members', value: [{ value: foreign.user.id }] }]),
    '400 invalidValue',
    /^members/,
  ],
  [
    'a group in itself',
    () => acme.patch(`/Groups/${team.id}`, [{ op: 'add', path: 'members', value: [{ value: team.id }] }]),
    '400 invalidValue',
    /itself/,
  ],
  ['a userName that is taken', post(bad({ userName: 'TAKEN' })), '409 uniqueness', /userName.*TAKEN/],
  ['an externalId that is taken', put(bad({ externalId: '00u-taken' })), '409 uniqueness', /externalId.*00u-taken/],
  [
    'a version that has passed',
    () => acme.put(`/Users/${person.id}`, bad({}), { 'if-match': 'W/"0"' }),
    '412',
    /changed/,
  ],
  [
    'an If-Match that is none',
    () => acme.put(`/Users/${person.id}`, bad({}), { 'if-match': 'yes' }),
    '400',
    /If-Match/,
  ],
]);

holds('bad queries', [
  ['startIndex a word', () => acme.get('/Users?startIndex=x'), '400 invalidValue', /startIndex/],
  ['count a fraction', () => acme.get('/Users?count=1.5'), '400 invalidValue', /count/],
  [
    'attributes and excludedAttributes',
    () => acme.get('/Users?attributes=userName&excludedAttributes=name'),
    '400 invalidValue',
    /attributes.*excludedAttributes/,
  ],
  ['a filter on a filterless endpoint', () => acme.get('/Schemas?filter=id%20pr'), '403', /filter/],
]);

holds('sizes', [
  ['11 MB for a user', post(bad({ userName: 'big', title: 'x'.repeat(11 * 2 ** 20) })), '413', /10 MiB/],
  ['11 MB in a PATCH', patch({ op: 'replace', path: 'title', value: 'x'.repeat(11 * 2 ** 20) }), '413', /10 MiB/],
  [
    '33 MB for a group',
    () => acme.post('/Groups', { schemas: [GROUP], displayName: 'x'.repeat(33 * 2 ** 20) }),
    '413',
    /32 MiB/,
  ],
  [
    '11 MB for a group is read, and its name is too long',
    () => acme.post('/Groups', { schemas: [GROUP], displayName: 'x'.repeat(11 * 2 ** 20) }),
    '400 invalidValue',
    /^displayName/,
  ],
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
