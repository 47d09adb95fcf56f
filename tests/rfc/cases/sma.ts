import { expect } from 'vitest';
import type { Case, Coverage } from '../case.ts';
import { type Characteristics, GROUP_TABLE, TABLES } from '../characteristics.ts';
import { inDeclaredWorld } from '../declared-world.ts';
import { aGroup, aUser, E, ENT, GROUP, get, group, ok, patch, post, USER, user } from '../shorthand.ts';
import type { World } from '../world.ts';

const CORE = 'urn:ietf:params:scim:schemas:core:2.0:';
const SCHEMA = `${CORE}Schema`;
const URNS = [USER, ENT, GROUP, `${CORE}ServiceProviderConfig`, `${CORE}ResourceType`, SCHEMA];
const BADGE = 'urn:example:scim:schemas:extension:badge:2.0:User';
export const coverage: Coverage = {
  cases: [
    {
      ids: ['SMA-01', 'SMA-06', 'SMA-07'],
      title: 'all schemas, also those of the discovery itself, each with what it is and where',
      request: get('/Schemas'),
      expect: ok({
        totalResults: URNS.length,
        Resources: [
          '{{in any order}}',
          ...URNS.map((id) => ({
            schemas: [SCHEMA],
            id,
            name: '{{any}}',
            description: '{{any}}',
            attributes: '{{any}}',
            meta: { resourceType: 'Schema', location: `{{base}}/Schemas/${id}` },
          })),
        ],
      }),
    },
    ...URNS.map(
      (urn): Case => ({
        ids: ['SMA-02', 'SMA-06', 'SMA-11', ...(urn === SCHEMA ? ['SMA-07'] : [])],
        title: `${urn} alone, raw, percent-encoded and in any case`,
        request: get(`/Schemas/${urn}`),
        expect: {
          ...ok({
            schemas: [SCHEMA],
            id: urn,
            meta: { resourceType: 'Schema', location: `{{base}}/Schemas/${urn}` },
          }),
          absent: ['Resources', 'totalResults'],
        },
        as: 'plain',
        afterwards: [encodeURIComponent(urn), urn.toUpperCase(), urn.toLowerCase(), `%75${urn.slice(1)}`].map(
          (path) => ({
            request: get(`/Schemas/${path}`),
            expect: { status: 200, exactly: '{{plain}}' },
          }),
        ),
      }),
    ),
    ...['urn:ietf:params:scim:schemas:core:2.0:Device', 'User', '__proto__', `${USER}:userName`, `${USER}s`].map(
      (path): Case => ({
        ids: ['SMA-02'],
        title: `${path} is no schema`,
        request: get(`/Schemas/${path}`),
        expect: E(404),
      }),
    ),
    {
      ids: ['SMA-03'],
      title: 'every URN that any resource lists, discovery’s own included, is there',
      given: [aUser('bob', { [ENT]: { department: 'x' } }), aGroup('staff', '{{bob.id}}')],
      run: async (world) => {
        const urns = new Set<string>();
        for (const path of ['/Users', '/Groups', '/ResourceTypes', '/Schemas', '/ServiceProviderConfig']) {
          const { body } = await world.get(path);
          for (const { schemas } of body.Resources ?? [body]) for (const urn of schemas) urns.add(urn);
        }
        expect(urns.size).toBe(URNS.length);
        for (const urn of urns) expect((await world.get(`/Schemas/${urn}`)).body.id).toBe(urn);
      },
    },
    ...Object.entries(TABLES).map(
      ([urn, table]): Case => ({
        ids: ['SMA-04'],
        title: `the characteristics of ${urn} are those of RFC 7643 and its errata`,
        run: async (world) => {
          const { attributes } = (await world.get(`/Schemas/${urn}`)).body;
          expect(described(attributes)).toEqual(urn === GROUP && world.mode === 'default' ? GROUP_TABLE : table);
        },
      }),
    ),
    {
      ids: ['SMA-04'],
      title: 'every attribute says all that applies to it, and nothing that is ours alone',
      run: async (world) => {
        for (const { id, attributes } of (await world.get('/Schemas')).body.Resources) {
          for (const attribute of flat(attributes)) {
            const { name, type } = attribute;
            expect({ id, ...attribute }).toMatchObject({
              name: expect.stringMatching(/^[$A-Za-z][\w$-]*$/),
              type: expect.stringMatching(/^(string|boolean|decimal|integer|dateTime|binary|reference|complex)$/),
              multiValued: expect.any(Boolean),
              required: expect.any(Boolean),
              caseExact: expect.any(Boolean),
              mutability: expect.stringMatching(/^(readOnly|readWrite|immutable|writeOnly)$/),
              returned: expect.stringMatching(/^(always|never|default|request)$/),
              uniqueness: expect.stringMatching(/^(none|server|global)$/),
              description: expect.stringMatching(/\S/),
            });
            expect({ id, name, has: 'subAttributes' in attribute }).toEqual({ id, name, has: type === 'complex' });
            expect({ id, name, has: 'referenceTypes' in attribute }).toEqual({ id, name, has: type === 'reference' });
            expect(KNOWN).toEqual(expect.arrayContaining(Object.keys(attribute)));
          }
        }
      },
    },
    {
      ids: ['SMA-05'],
      title: 'what is published as readOnly or immutable is refused in a PATCH',
      run: async (world) => {
        const bob = await world.user('bob', { [ENT]: { manager: { value: (await world.user('boss')).id } } });
        const staff = (await world.post('/Groups', group('staff', bob.id))).body;
        let refused = 0;
        for (const [urn, path] of [
          [USER, `/Users/${bob.id}`],
          [ENT, `/Users/${bob.id}`],
          [GROUP, `/Groups/${staff.id}`],
        ] as const) {
          const before = (await world.get(path)).text;
          for (const target of await pathsOf(world, urn, ['readOnly', 'immutable'])) {
            const selected = target.replace('members.', `members[value eq "${bob.id}"].`);
            const reply = await world.patch(path, [{ op: 'replace', path: selected, value: 'x' }]);
            expect({ target, reply }).toMatchObject({ reply: { status: 400, body: { scimType: 'mutability' } } });
            refused += 1;
          }
          expect((await world.get(path)).text).toBe(before);
        }
        // groups and its four parts, manager.displayName, and the four parts of members.
        expect(refused).toBe(10);
      },
    },
    {
      ids: ['SMA-05'],
      title: 'what is published as readWrite can be written and read; as never returned, is not',
      run: async (world) => {
        const bob = await world.user('bob');
        const values: Readonly<Record<string, unknown>> = {
          locale: 'en-US',
          timezone: 'Europe/Copenhagen',
          profileUrl: 'https://x.example',
          active: false,
        };
        for (const urn of [USER, ENT]) {
          const { attributes } = (await world.get(`/Schemas/${urn}`)).body;
          for (const { name, type, multiValued, mutability, returned } of attributes as Characteristics[]) {
            if (multiValued || type === 'complex' || mutability === 'readOnly') continue;
            const value = values[name] ?? `the ${name}`;
            const path = `${urn}:${name}`;
            const { body } = await world.patch(`/Users/${bob.id}`, [{ op: 'replace', path, value }]);
            const shown = (urn === USER ? body : body[ENT])[name];
            expect({ path, shown }).toEqual({ path, shown: returned === 'never' ? undefined : value });
            if (type === 'boolean') continue;
            const wrong = await world.patch(`/Users/${bob.id}`, [{ op: 'replace', path, value: { a: 1 } }]);
            expect({ path, wrong }).toMatchObject({ wrong: { status: 400, body: { scimType: 'invalidValue' } } });
          }
        }
      },
    },
    {
      ids: ['SMA-05'],
      title: 'caseExact, required and uniqueness are what is enforced',
      given: [aUser('bob', { externalId: 'Ab', title: 'Ab', x509Certificates: [{ value: 'MAMCAQE=' }] })],
      run: async (world) => {
        const { attributes } = (await world.get(`/Schemas/${USER}`)).body;
        const exact = (attributes as Characteristics[]).filter(({ caseExact }) => caseExact).map(({ name }) => name);
        expect(exact).toEqual(['profileUrl']);
        const total = async (filter: string) =>
          (await world.get(`/Users?filter=${encodeURIComponent(filter)}`)).body.totalResults;
        expect(await total('title eq "aB"')).toBe(1);
        expect(await total('x509Certificates.value eq "MAMCAQE="')).toBe(1);
        expect(await total('x509Certificates.value eq "mamcaqe="')).toBe(0);
        for (const { name, required, uniqueness } of attributes as Characteristics[]) {
          expect({ name, required, uniqueness }).toEqual({
            name,
            required: name === 'userName',
            uniqueness: name === 'userName' ? 'server' : 'none',
          });
        }
        expect((await world.post('/Users', { schemas: [USER] })).body.scimType).toBe('invalidValue');
        expect((await world.post('/Users', user('BOB'))).body.scimType).toBe('uniqueness');
        expect((await world.post('/Users', user('eve', { title: 'Ab' }))).status).toBe(201);
      },
    },
    {
      ids: ['SMA-08'],
      title: 'a filter is 403; paging, sorting and choosing do nothing',
      request: get('/Schemas?filter=id%20pr'),
      expect: E(403),
      afterwards: [
        { request: get(`/Schemas/${USER}?filter=id%20pr`), expect: E(403) },
        { request: get('/Schemas'), expect: ok(), as: 'plain' },
        {
          request: get('/Schemas?startIndex=3&count=1&sortBy=id&sortOrder=descending&attributes=name'),
          expect: { status: 200, exactly: '{{plain}}' },
        },
        { request: get('/Schemas?count=0'), expect: { status: 200, exactly: '{{plain}}' } },
      ],
    },
    ...(
      [
        ['POST', '/Schemas'],
        ['PUT', `/Schemas/${USER}`],
        ['PATCH', `/Schemas/${USER}`],
        ['DELETE', `/Schemas/${USER}`],
      ] as const
    ).map(
      ([method, path]): Case => ({
        ids: ['SMA-08'],
        title: `${method} is not possible`,
        request: method === 'DELETE' ? { method, path } : { ...post(path, { schemas: [SCHEMA], id: BADGE }), method },
        expect: { ...E(405), headers: { allow: 'GET, HEAD, OPTIONS' } },
      }),
    ),
    {
      ids: ['SMA-09'],
      title: 'id, externalId and meta are what RFC 7643 §3.1 says, and stand in no schema of a resource',
      given: [aUser('bob', { externalId: 'Ab' })],
      request: patch('/Users/{{bob.id}}', { op: 'replace', path: `${USER}:id`, value: 'x' }),
      expect: E(400, 'mutability', /id/),
      afterwards: [
        {
          request: patch('/Users/{{bob.id}}', { op: 'replace', path: 'meta.created', value: '1970-01-01T00:00:00Z' }),
          expect: E(400, 'mutability', /meta/),
        },
      ],
      run: async (world) => {
        for (const urn of [USER, ENT, GROUP]) {
          const { attributes } = (await world.get(`/Schemas/${urn}`)).body;
          const names = (attributes as Characteristics[]).map(({ name }) => name.toLowerCase());
          for (const common of ['id', 'externalid', 'meta', 'schemas']) expect(names).not.toContain(common);
        }
      },
    },
    {
      ids: ['SMA-09'],
      title: 'no extension can declare one of them again',
      run: async (world) => {
        for (const name of ['id', 'externalId', 'meta', 'schemas']) {
          const extension = { urn: BADGE, of: 'User', attributes: { [name]: { mutability: 'readWrite' } } } as const;
          await expect(inDeclaredWorld(world.mode, [extension], async () => {})).rejects.toThrow(
            `has "${name}", which every resource has already`,
          );
        }
      },
    },
    {
      ids: ['SMA-10'],
      title: 'an extension is seen in the applications that declare it, and nowhere else',
      run: async (world) =>
        inDeclaredWorld(
          world.mode,
          [{ urn: BADGE, of: 'User', attributes: { number: { type: 'integer' } } }],
          async (declared) => {
            expect((await declared.get(`/Schemas/${BADGE}`)).body).toMatchObject({
              id: BADGE,
              attributes: [{ name: 'number', type: 'integer', mutability: 'readWrite' }],
            });
            const { token, baseUrl } = await declared.server.mint('x', { organization: 'other', application: 'plain' });
            const plain = await fetch(`${baseUrl}/Schemas/${BADGE}`, { headers: { authorization: `Bearer ${token}` } });
            expect(plain.status).toBe(404);
            const all = await fetch(`${baseUrl}/Schemas`, { headers: { authorization: `Bearer ${token}` } });
            expect(await all.text()).not.toContain(BADGE);
          },
        ),
    },
  ],
  decided: {
    'SMA-10': 'Extensions are declared for an application: its customers see them, those of other applications do not.',
  },
};

const KNOWN = [
  ...['name', 'type', 'subAttributes', 'multiValued', 'description', 'required', 'canonicalValues', 'caseExact'],
  ...['mutability', 'returned', 'uniqueness', 'referenceTypes'],
];

/** `name: type characteristics`, of attributes and sub-attributes, in their order. */
function described(attributes: readonly Characteristics[], prefix = ''): string[] {
  return attributes.flatMap((each) => [
    [
      `${prefix}${each.name}:`,
      `${each.type}${each.multiValued ? '[]' : ''}`,
      ...(each.required ? ['required'] : []),
      ...(each.caseExact ? ['caseExact'] : []),
      ...(each.mutability === 'readWrite' ? [] : [each.mutability]),
      ...(each.returned === 'default' ? [] : [each.returned]),
      ...(each.uniqueness === 'none' ? [] : [each.uniqueness]),
      ...(each.referenceTypes === undefined ? [] : [`→${each.referenceTypes.join('|')}`]),
      ...(each.canonicalValues === undefined ? [] : [`(${each.canonicalValues.join(' ')})`]),
    ].join(' '),
    ...described(each.subAttributes ?? [], `${prefix}${each.name}.`),
  ]);
}

function flat(attributes: readonly Characteristics[]): Characteristics[] {
  return attributes.flatMap((each) => [each, ...flat(each.subAttributes ?? [])]);
}

async function pathsOf(world: World, urn: string, mutabilities: readonly string[]): Promise<string[]> {
  const { attributes } = (await world.get(`/Schemas/${urn}`)).body;
  const prefix = urn === ENT ? `${ENT}:` : '';
  return (attributes as Characteristics[]).flatMap(({ name, mutability, subAttributes = [] }) => [
    ...(mutabilities.includes(mutability) ? [`${prefix}${name}`] : []),
    ...subAttributes
      .filter((sub) => mutabilities.includes(sub.mutability))
      .map((sub) => `${prefix}${name}.${sub.name}`),
  ]);
}
