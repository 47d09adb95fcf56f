import { describe, expect, test } from 'vitest';
import {
  applyPatch,
  type DeclaredAttribute,
  declaredTypes,
  findTarget,
  GROUP,
  indexShape,
  type JsonObject,
  project,
  type Resource,
  type ResourceType,
  readPatch,
  readResource,
  readView,
  replaceResource,
  resourceTypes,
  STRICT,
  schemas,
  showsAll,
  TOLERANT,
  USER,
  viewOfWritten,
} from '../../../src/scim/index.ts';

/** Extensions and entitlements as data: the engines know no more of them than of what the standard has. */
const URN = 'urn:example:scim:schemas:extension:app:2.0:User';
const CORE = 'urn:ietf:params:scim:schemas:core:2.0:User';

function userWith(attributes: Readonly<Record<string, DeclaredAttribute>>, required = false): ResourceType {
  const extensions = [{ urn: URN, of: 'User' as const, attributes, required }];
  return declaredTypes(TOLERANT, { extensions, entitlements: [] })[0] as ResourceType;
}

const stored = (data: JsonObject): Resource => ({ schemas: [CORE, URN], id: '1', userName: 'a', [URN]: data });
const patched = (type: ResourceType, before: Resource, ...operations: JsonObject[]): Resource => {
  const message = { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations: operations };
  return applyPatch(type, before, readPatch(type, message, TOLERANT), TOLERANT).after;
};

describe('what is declared', () => {
  test('nothing: the types are the very ones of the standard', () => {
    const nothing = { extensions: [], entitlements: [] };
    expect(declaredTypes(TOLERANT, nothing)).toBe(resourceTypes(TOLERANT));
    expect(declaredTypes(STRICT, nothing)).toBe(resourceTypes(STRICT));
  });

  test('a type that it does not concern stays as it was', () => {
    const extensions = [{ urn: URN, of: 'User' as const, attributes: { a: {} } }];
    const [user, group] = declaredTypes(TOLERANT, { extensions, entitlements: [] });
    expect(user?.extensions.map(({ schema }) => schema.id)).toEqual([USER.extensions[0]?.schema.id, URN]);
    expect(group).toBe(GROUP);
  });

  test.each([
    [URN, 'User', 'AppUser'],
    ['urn:example:crm:1.0:Group', 'Group', 'CrmGroup'],
    ['urn:ietf:params:scim:schemas:extension:MyCompany:2.0:User', 'User', 'MyCompanyUser'],
  ] as const)('the schema %s of a %s is called %s', (urn, of, name) => {
    const types = declaredTypes(TOLERANT, { extensions: [{ urn, of, attributes: { a: {} } }], entitlements: [] });
    expect(schemas(types).find(({ id }) => id === urn)?.name).toBe(name);
  });

  test('a reference says what it refers to, and is caseExact (RFC 7643 §2.3.7)', () => {
    const target = findTarget(userWith({ link: { type: 'reference' } }), { urn: URN, name: 'LINK' });
    expect(target?.attribute).toMatchObject({ referenceTypes: ['external'], caseExact: true });
  });

  test('entitlement types come after people and groups, and share one schema of each kind', () => {
    const values = [{ id: 'x', displayName: 'X' }];
    const entitlements = [
      { name: 'Role', kind: 'role', endpoint: '/Roles', values },
      { name: 'License', kind: 'entitlement', endpoint: '/Licenses', values },
      { name: 'Seat', kind: 'entitlement', endpoint: '/Seats', values },
    ] as const;
    const types = declaredTypes(TOLERANT, { extensions: [], entitlements });
    expect(types.map(({ id }) => id)).toEqual(['User', 'Group', 'Role', 'License', 'Seat']);
    expect(schemas(types).filter(({ id }) => id.startsWith('urn:okta:'))).toHaveLength(2);
    expect(types[3]?.declared?.resources).toEqual([
      { schemas: ['urn:okta:scim:schemas:core:1.0:Entitlement'], id: 'x', displayName: 'X', type: 'License' },
    ]);
  });

  test('a part that is called id has a key like any other', () => {
    const type = userWith({ device: { type: 'complex', attributes: { id: {} } } });
    expect(indexShape(type, stored({ device: { id: 'AB' } }))[URN]).toEqual({ device: { id: 'ab' } });
  });
});

describe('what is returned on request', () => {
  const type = userWith({
    note: { returned: 'request' },
    tag: { returned: 'always' },
    desk: { type: 'complex', attributes: { building: {}, plan: { returned: 'request' } } },
  });
  const whole = stored({ note: 'n', tag: 't', desk: { building: 'b', plan: 'p' } });
  const shown = (view: Parameters<typeof project>[2]) => project(type, whole, view)[URN];

  test.each<[string, object, object]>([
    ['nothing', {}, { tag: 't', desk: { building: 'b' } }],
    ['it', { attributes: `${URN}:note` }, { note: 'n', tag: 't' }],
    ['the whole extension', { attributes: URN }, { tag: 't', desk: { building: 'b' } }],
    ['the whole attribute that it is part of', { attributes: `${URN}:desk` }, { tag: 't', desk: { building: 'b' } }],
    ['it as a part', { attributes: `${URN}:desk.plan` }, { tag: 't', desk: { plan: 'p' } }],
    ['all but another', { excludedAttributes: `${URN}:desk` }, { tag: 't' }],
    // SCH-33
    ['all but what is always returned', { excludedAttributes: `${URN}:tag` }, { tag: 't', desk: { building: 'b' } }],
  ])('asked for %s', (_, parameters, data) => {
    expect(shown(readView(type, parameters))).toEqual(data);
  });

  test('the stored text shows all of it only where there is nothing of the kind', () => {
    expect([showsAll(USER, {}), showsAll(type, {}), showsAll(userWith({ a: {} }), {})]).toEqual([true, false, true]);
    expect(showsAll(USER, { attributes: [] })).toBe(false);
    expect(showsAll(USER, { excluded: [] })).toBe(false);
  });

  const draft = (data: JsonObject) =>
    readResource(type, { schemas: [CORE, URN], userName: 'a', [URN]: data }, TOLERANT);
  const patch = (...operations: JsonObject[]) =>
    readPatch(type, { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations: operations }, TOLERANT);

  test.each<[string, Parameters<typeof viewOfWritten>[0], object]>([
    [
      'a create',
      { kind: 'create', type, draft: draft({ note: 'n' }), view: {} },
      { note: 'n', tag: 't', desk: { building: 'b' } },
    ],
    [
      'a replace with the part of it',
      { kind: 'replace', type, id: '1', draft: draft({ desk: { plan: 'p' } }), view: {} },
      { tag: 't', desk: { building: 'b', plan: 'p' } },
    ],
    [
      'a replace without it',
      { kind: 'replace', type, id: '1', draft: draft({ tag: 't' }), view: {} },
      { tag: 't', desk: { building: 'b' } },
    ],
    [
      'a patch by its path',
      {
        kind: 'patch',
        type,
        id: '1',
        operations: patch({ op: 'add', path: `${URN}:desk.plan`, value: 'p' }),
        view: {},
      },
      { tag: 't', desk: { building: 'b', plan: 'p' } },
    ],
    [
      'a patch without a path',
      { kind: 'patch', type, id: '1', operations: patch({ op: 'add', value: { [URN]: { NOTE: 'n' } } }), view: {} },
      { note: 'n', tag: 't', desk: { building: 'b' } },
    ],
    [
      'a patch of the whole extension',
      {
        kind: 'patch',
        type,
        id: '1',
        operations: patch({ op: 'add', path: URN, value: { desk: { Plan: 'p' } } }),
        view: {},
      },
      { tag: 't', desk: { building: 'b', plan: 'p' } },
    ],
    [
      'a create that leaves it out by name',
      {
        kind: 'create',
        type,
        draft: draft({ note: 'n' }),
        view: readView(type, { excludedAttributes: `${URN}:note` }),
      },
      { tag: 't', desk: { building: 'b' } },
    ],
    [
      'a create that names what it wants',
      { kind: 'create', type, draft: draft({ note: 'n' }), view: readView(type, { attributes: 'userName' }) },
      { tag: 't' },
    ],
  ])('SCH-36 written by %s', (_, request, data) => {
    expect(shown(viewOfWritten(request))).toEqual(data);
  });

  test('a view of anything else is the very one that was given', () => {
    const view = {};
    const { draft } = { draft: readResource(USER, { schemas: [CORE], userName: 'a' }, TOLERANT) };
    expect(viewOfWritten({ kind: 'create', type: USER, draft, view })).toBe(view);
  });
});

describe('what is immutable', () => {
  const type = userWith({
    badge: { mutability: 'immutable' },
    desk: { type: 'complex', attributes: { building: { mutability: 'immutable' }, floor: {} } },
    given: { mutability: 'readOnly' },
    free: {},
  });
  const before = stored({ badge: 'b', desk: { building: 'A', floor: '1' }, given: 'g', free: 'f' });

  test.each<[string, JsonObject, string]>([
    ['replaced', { op: 'replace', path: `${URN}:badge`, value: 'c' }, `${URN}:badge`],
    ['removed', { op: 'remove', path: `${URN}:badge` }, `${URN}:badge`],
    ['replaced by null', { op: 'replace', path: `${URN}:badge`, value: null }, `${URN}:badge`],
    ['removed with its extension', { op: 'remove', path: URN }, `${URN}:badge`],
    ['emptied with its extension', { op: 'replace', value: { [URN]: null } }, `${URN}:badge`],
    ['a part that is replaced', { op: 'replace', path: `${URN}:desk.building`, value: 'B' }, `${URN}:desk.building`],
    ['a part that is removed with all of it', { op: 'remove', path: `${URN}:desk` }, `${URN}:desk.building`],
    [
      'a part that is replaced with all of it',
      { op: 'replace', path: `${URN}:desk`, value: { building: 'B' } },
      `${URN}:desk.building`,
    ],
  ])('cannot be %s', (_, operation, path) => {
    expect(() => patched(type, before, operation)).toThrow(`${path} cannot be changed once it has a value`);
  });

  test('what is readOnly stays when a client removes the extension', () => {
    expect(patched(type, stored({ given: 'g', free: 'f' }), { op: 'remove', path: URN })[URN]).toEqual({ given: 'g' });
    expect(patched(type, stored({ free: 'f' }), { op: 'remove', path: URN })).toEqual({
      schemas: [CORE],
      id: '1',
      userName: 'a',
    });
    const without = { schemas: [CORE], id: '1', userName: 'a' };
    expect(patched(type, without, { op: 'remove', path: URN })).toEqual(without);
  });
});

describe('what is required', () => {
  const type = userWith(
    { badge: { required: true }, desk: { type: 'complex', attributes: { building: { required: true }, floor: {} } } },
    true,
  );
  const put = (data: JsonObject | undefined, before?: Resource) => {
    const body = { schemas: [CORE], userName: 'a', ...(data === undefined ? {} : { [URN]: data }) };
    return () => replaceResource(type, before, readResource(type, body, TOLERANT), TOLERANT);
  };
  const bare = { schemas: [CORE], id: '1', userName: 'a' };

  test('RST-05 is asked of who is new', () => {
    expect(put(undefined)).toThrow(`${URN} is required`);
    expect(put({ desk: { building: 'A' } })).toThrow(`${URN}:badge is required`);
    expect(put({ badge: 'b', desk: { floor: '1' } })).toThrow(`${URN}:desk.building is required`);
    expect(put({ badge: 'b' })()[URN]).toEqual({ badge: 'b' });
  });

  test('is not asked of who was stored without it, until somebody gives some of it', () => {
    expect(put(undefined, bare)()).toMatchObject(bare);
    expect(put({ desk: { building: 'A' } }, bare)).toThrow(`${URN}:badge is required`);
    const half = stored({ desk: { floor: '1' } });
    expect(put({ desk: { floor: '1' } }, half)()[URN]).toEqual({ desk: { floor: '1' } });
    expect(put({ desk: { floor: '2' } }, half)).toThrow(`${URN}:desk.building is required`);
    expect(patched(type, half, { op: 'replace', path: 'title', value: 'x' }).title).toBe('x');
    expect(patched(type, bare, { op: 'replace', path: 'active', value: false }).active).toBe(false);
  });

  test('cannot be taken away', () => {
    expect(put(undefined, stored({ badge: 'b' }))).toThrow(`${URN} is required`);
    const optional = userWith({ badge: { required: true } });
    const body = { schemas: [CORE], userName: 'a' };
    const replaced = replaceResource(
      optional,
      stored({ badge: 'b' }),
      readResource(optional, body, TOLERANT),
      TOLERANT,
    );
    expect(replaced[URN]).toBeUndefined();
    expect(put({ desk: { building: 'A' } }, stored({ badge: 'b' }))).toThrow(`${URN}:badge is required`);
    expect(() => patched(type, stored({ badge: 'b' }), { op: 'remove', path: URN })).toThrow('cannot be removed');
  });
});
