import { describe, expect, test } from 'vitest';
import { type ScimReply, sendRaw } from '../harness/index.ts';
import { worldOfFile } from './file-world.ts';
import {
  ENTERPRISE,
  expectRefusal,
  GROUP,
  isAlive,
  isScimError,
  leavesNoTrace,
  PATCH_OP,
  planted,
  type Representation,
  USER,
  user,
} from './world.ts';

const world = await worldOfFile();
const { acme } = world;
const target = await acme.user('pp', {
  name: { givenName: 'Proto' },
  emails: [{ value: 'pp@example.com', type: 'work' }],
});
const group = await acme.group('pp', [target.id]);

const POISON = '{"isAdmin":true,"polluted":"yes","toString":"x"}';
const MEDIA_TYPES = [
  'application/scim+json',
  'application/json',
  'application/scim+json; charset=utf-8',
  'application/json;charset=UTF-8',
  'APPLICATION/SCIM+JSON',
];

/** The places of a body where a poisoned object may stand, as JSON text (an object literal could not hold the key). */
function bodiesWith(
  member: string,
): readonly { name: string; send: (headers: Record<string, string>) => Promise<ScimReply> }[] {
  const base = `"schemas":["${USER}"],"userName":"pp"`;
  const users = {
    'at the top': `{${base},${member}}`,
    'before everything': `{${member},${base}}`,
    'in a complex attribute': `{${base},"name":{"givenName":"x",${member}}}`,
    'in an element': `{${base},"emails":[{"value":"pp@example.com",${member}}]}`,
    'in an extension': `{${base},"${ENTERPRISE}":{${member}}}`,
    'in an extension attribute': `{${base},"${ENTERPRISE}":{"manager":{"value":"x",${member}}}}`,
    'in an unknown attribute, deep': `{${base},"unknown":{"a":[{"b":{"c":[{${member}}]}}]}}`,
    'in meta': `{${base},"meta":{${member}}}`,
  };
  const patches = {
    'in a path-less value': `[{"op":"replace","value":{${member}}}]`,
    'in a value': `[{"op":"replace","path":"name","value":{${member}}}]`,
    'in an element of a value': `[{"op":"add","path":"emails","value":[{"value":"a@b",${member}}]}]`,
    'in an extension of a value': `[{"op":"add","value":{"${ENTERPRISE}":{${member}}}}]`,
    'in an operation': `[{"op":"replace","path":"title","value":"x",${member}}]`,
  };
  const patch = (operations: string, more = '') => `{"schemas":["${PATCH_OP}"],"Operations":${operations}${more}}`;
  return [
    ...Object.entries(users).flatMap(([name, body]) => [
      {
        name: `PUT ${name}`,
        send: (headers: Record<string, string>) => acme.put(`/Users/${target.id}`, body, headers),
      },
      {
        name: `POST ${name}`,
        send: async (headers: Record<string, string>) => {
          const reply = await acme.post('/Users', body.replace('"userName":"pp"', '"userName":"pp-posted"'), headers);
          if (reply.status === 201) await acme.delete(`/Users/${reply.body.id}`);
          return reply;
        },
      },
    ]),
    ...Object.entries(patches).map(([name, operations]) => ({
      name: `PATCH ${name}`,
      send: (headers: Record<string, string>) => acme.patch(`/Users/${target.id}`, patch(operations), headers),
    })),
    {
      name: 'PATCH beside the operations',
      send: (headers) =>
        acme.patch(
          `/Users/${target.id}`,
          patch('[{"op":"replace","path":"title","value":"x"}]', `,${member}`),
          headers,
        ),
    },
    {
      name: 'PUT in a member',
      send: (headers) =>
        acme.put(
          `/Groups/${group.id}`,
          `{"schemas":["${GROUP}"],"displayName":"pp","members":[{"value":"${target.id}",${member}}]}`,
          headers,
        ),
    },
    {
      name: 'POST to Bulk',
      send: (headers) =>
        acme.post('/Bulk', `{"Operations":[{"method":"POST","path":"/Users","data":{${base},${member}}}]}`, headers),
    },
  ];
}

describe('T-PP-01 T-PP-05 objects that would poison a prototype, in every place, under every media type', () => {
  const poisons: readonly (readonly [name: string, member: string, always400: boolean])[] = [
    ['__proto__', `"__proto__":${POISON}`, true],
    ['an escaped __proto__', `"\\u005f_proto_\\u005f":${POISON}`, true],
    ['constructor.prototype', `"constructor":{"prototype":${POISON}}`, false],
    ['prototype', `"prototype":${POISON}`, false],
    ['__defineGetter__', `"__defineGetter__":${POISON}`, false],
    ['hasOwnProperty', '"hasOwnProperty":"x","toString":"x","valueOf":null,"toJSON":"x","then":"x"', false],
  ];
  for (const [name, member, always400] of poisons) {
    test(`${name} is refused or dropped, and plants nothing`, async () => {
      const before = planted();
      for (const { name: place, send } of bodiesWith(member)) {
        for (const [index, contentType] of MEDIA_TYPES.entries()) {
          // Every place with the first two, the others with one place each: they take the same way.
          if (index > 1 && place !== 'PUT at the top') continue;
          const reply = await send({ 'content-type': contentType });
          expect(reply.text).not.toContain('polluted');
          if (reply.status >= 400) isScimError(reply);
          if (always400 && place !== 'POST to Bulk') {
            expectRefusal(reply, { status: 400, scimType: 'invalidSyntax', says: '__proto__' });
          }
          expect(planted()).toEqual(before);
          expect(({} as { isAdmin?: unknown }).isAdmin).toBeUndefined();
          expect(String({})).toBe('[object Object]');
        }
      }
      const now = await acme.get(`/Users/${target.id}`);
      expect(now).toMatchObject({ status: 200, body: { id: target.id, userName: 'pp' } });
      expect(Object.keys(now.body)).not.toEqual(expect.arrayContaining(['constructor']));
      await isAlive(acme);
    });
  }
});

describe('T-PP-02 PATCH paths to what every object inherits', () => {
  const names = ['__proto__', 'constructor', 'prototype', 'hasOwnProperty', 'toString', 'valueOf', 'toJSON', 'then'];
  const paths = names.flatMap((name) => [
    name,
    `${name}.polluted`,
    `${name}.prototype.polluted`,
    `name.${name}`,
    `emails.${name}`,
    `${name}[type eq "work"]`,
    `${name}[type eq "work"].value`,
    `emails[${name} eq "work"].value`,
    `emails[type eq "work"].${name}`,
    `${ENTERPRISE}:${name}`,
    `${ENTERPRISE}:${name}.polluted`,
    `${ENTERPRISE}:manager.${name}`,
    `${USER}:${name}`,
    `${name}:${name}`,
  ]);

  test('are no paths: 400, nothing written', async () => {
    await leavesNoTrace(world, async () => {
      for (const path of paths) {
        for (const op of ['add', 'replace', 'remove']) {
          const operation = op === 'remove' ? { op, path } : { op, path, value: 'yes' };
          expectRefusal(await acme.patch(`/Users/${target.id}`, [operation]), {
            status: 400,
            scimType: ['invalidPath', 'noTarget', 'invalidFilter'],
          });
        }
        const reply = await acme.patch(`/Groups/${group.id}`, [{ op: 'replace', path, value: { isAdmin: true } }]);
        // A group has no enterprise extension: to it the URN is an unknown one.
        const unknownUrn = path.startsWith(ENTERPRISE) || path.startsWith(USER);
        if (!unknownUrn || reply.status !== 204) {
          expectRefusal(reply, { status: 400, scimType: ['invalidPath', 'noTarget', 'invalidFilter'] });
        }
      }
    });
  });
});

test('T-PP-02 a path into a URN that nobody knows leads nowhere: dropped, nothing written', async () => {
  await leavesNoTrace(world, async () => {
    for (const name of ['__proto__', 'constructor', 'prototype']) {
      for (const path of [
        `urn:${name}:polluted`,
        `urn:example:${name}:2.0:User:${name}`,
        `urn:${name}:${name}.${name}`,
      ]) {
        const reply = await acme.patch(`/Users/${target.id}`, [{ op: 'add', path, value: { isAdmin: true } }]);
        if (reply.status === 200) expect(reply.text).not.toMatch(/isAdmin|polluted/);
        else expectRefusal(reply, { status: 400, scimType: 'invalidPath' });
      }
    }
  });
});

describe('T-PP-03 T-PP-05 keys of a PATCH value that would be walked', () => {
  const keys = [
    '__proto__.polluted',
    'a.__proto__.polluted',
    'name.__proto__',
    'name.__proto__.polluted',
    'name.constructor.prototype.polluted',
    'constructor.prototype.polluted',
    'constructor.prototype',
    'emails.__proto__.polluted',
    'emails[type eq "work"].__proto__',
    `${ENTERPRISE}:__proto__.polluted`,
    `${ENTERPRISE}:__proto__`,
    `${ENTERPRISE}:manager.__proto__`,
    `${ENTERPRISE}:constructor.prototype.polluted`,
    `${ENTERPRISE}.__proto__`,
    `${USER}:__proto__.polluted`,
    'urn:ietf:params:scim:schemas:core:2.0:__proto__:polluted',
  ];

  test('lead nowhere: 400 invalidPath, or dropped as unknown; nothing is written', async () => {
    await leavesNoTrace(world, async () => {
      for (const key of keys) {
        for (const op of ['add', 'replace']) {
          for (const contentType of MEDIA_TYPES.slice(0, 2)) {
            const reply = await acme.patch(`/Users/${target.id}`, [{ op, value: { [key]: 'yes' } }], {
              'content-type': contentType,
            });
            const walked = /__proto__/.test(key);
            if (walked) expectRefusal(reply, { status: 400, scimType: ['invalidPath', 'invalidSyntax', 'noTarget'] });
            else if (reply.status !== 200) expectRefusal(reply, { status: 400 });
            expect(reply.text).not.toContain('polluted":');
          }
        }
      }
    });
  });

  test('an object under a walked key is no better than a string', async () => {
    await leavesNoTrace(world, async () => {
      for (const key of keys) {
        const reply = await acme.patch(`/Groups/${group.id}`, [{ op: 'add', value: { [key]: { isAdmin: true } } }]);
        if (reply.status !== 204) expectRefusal(reply, { status: 400 });
      }
    });
  });
});

describe('T-PP-04 names of properties are ordinary values', () => {
  const names = [
    '__proto__',
    'constructor',
    'prototype',
    'hasOwnProperty',
    'toString',
    'valueOf',
    '__defineSetter__',
    'then',
  ];

  test('of users, groups, externalIds, types: stored, found, changed and removed like any other', async () => {
    const before = planted();
    const ids: string[] = [];
    for (const name of names) {
      const made = await acme.user(name, {
        externalId: name,
        displayName: name,
        emails: [{ value: name, type: name }],
        [ENTERPRISE]: { department: name, manager: { value: name } },
      });
      expect(made).toMatchObject({ userName: name, externalId: name, emails: [{ value: name, type: name }] });
      expect(made[ENTERPRISE]).toEqual({ department: name, manager: { value: name } });
      ids.push(made.id);
      const team = await acme.group(name, [made.id]);
      for (const filter of [`userName eq "${name}"`, `externalId eq "${name}"`, `emails[type eq "${name}"]`]) {
        const found = await acme.get(`/Users?filter=${encodeURIComponent(filter)}`);
        expect(found.body.Resources.map(({ id }: Representation) => id)).toEqual([made.id]);
      }
      expect((await acme.post('/Users', user(name.toUpperCase()))).status).toBe(409);
      expect((await acme.get(`/Users/${made.id}`)).body.groups).toMatchObject([{ value: team.id, display: name }]);
      const patched = await acme.patch(`/Users/${made.id}`, [
        { op: 'replace', path: `emails[type eq "${name}"].value`, value: `${name}@example.com` },
      ]);
      expect(patched.body.emails).toMatchObject([{ value: `${name}@example.com`, type: name }]);
    }
    for (const name of names) {
      for (const path of [
        `/Users/${name}`,
        `/Groups/${name}`,
        `/${name}`,
        `/Schemas/${name}`,
        `/ResourceTypes/${name}`,
      ]) {
        for (const method of ['GET', 'DELETE']) {
          expectRefusal(await acme.request(method, path), { status: [404, 405] });
        }
      }
    }
    for (const id of ids) expect((await acme.delete(`/Users/${id}`)).status).toBe(204);
    expect(planted()).toEqual(before);
  });
});

describe('T-PP-06 query parameters and headers', () => {
  test('a[__proto__][x], __proto__ and constructor as parameters, attributes and filters do nothing', async () => {
    await leavesNoTrace(world, async () => {
      const plain = await acme.get(`/Users/${target.id}`);
      for (const query of [
        'a[__proto__][x]=1',
        '__proto__=1',
        '__proto__[isAdmin]=1',
        'constructor[prototype][x]=1',
        'constructor=1',
      ]) {
        expect((await acme.get(`/Users/${target.id}?${query}`)).text).toBe(plain.text);
      }
      const least = await acme.get(`/Users/${target.id}?attributes=__proto__,constructor.prototype,toString`);
      expect(Object.keys(least.body).sort()).toEqual(['id', 'schemas']);
      const most = await acme.get(`/Users/${target.id}?excludedAttributes=__proto__,constructor,hasOwnProperty`);
      expect(most.body).toEqual(plain.body);
      for (const filter of [
        '__proto__ pr',
        'constructor.prototype eq "x"',
        'toString eq "x"',
        'name.__proto__ pr',
        'emails[__proto__ eq "x"]',
      ]) {
        expectRefusal(await acme.get(`/Users?filter=${encodeURIComponent(filter)}`), {
          status: 400,
          scimType: 'invalidFilter',
        });
      }
    });
  });

  test('a header named __proto__ is refused, or does nothing', async () => {
    await leavesNoTrace(world, async () => {
      const replies = await sendRaw(
        world.server,
        `GET /scim/v2/Users HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${acme.token}\r\n__proto__: x\r\nconstructor: y\r\nConnection: close\r\n\r\n`,
      );
      expect(replies).toHaveLength(1);
      expect([200, 400]).toContain(replies[0]?.status);
    });
  });
});
