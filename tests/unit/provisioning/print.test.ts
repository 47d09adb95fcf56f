import { describe, expect, test } from 'vitest';
import type { Member, Shown, StoredRecord } from '../../../src/directory/index.ts';
import { printLong, printResource } from '../../../src/provisioning/print.ts';
import {
  declaredTypes,
  type JsonObject,
  project,
  type ResourceType,
  readView,
  resourceTypes,
  TOLERANT,
  type View,
} from '../../../src/scim/index.ts';
import { BASE } from './call.ts';

const [USER, GROUP] = resourceTypes(TOLERANT) as [
  ReturnType<typeof resourceTypes>[number],
  ReturnType<typeof resourceTypes>[number],
];
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

const META = {
  created: '2026-01-01T00:00:00.000Z',
  lastModified: '2026-06-01T00:00:00.000Z',
  version: 'W/"3"',
};
const user = stored('User', {
  schemas: [USER.schema.id, ENTERPRISE],
  id: 'user-1',
  userName: 'a "quoted" \\ name',
  name: { familyName: 'Jensen', givenName: 'Barbara' },
  emails: [{ value: 'b@example.com', type: 'work', primary: true }],
  [ENTERPRISE]: { department: 'Sales' },
});
const group = stored('Group', { schemas: [GROUP.schema.id], id: 'group-1', displayName: 'Sales' });
const groups = [
  { value: 'group-1', display: 'Sales "and" more' },
  { value: 'group-2', display: 'Émile 😀' },
];
const members: readonly Member[] = Array.from({ length: 7 }, (_, index) => ({
  value: `user-${index}`,
  type: index % 2 === 0 ? 'User' : 'Group',
  display: `"${index}"`,
}));

/** What a reply must hold, composed without any splicing. */
const WHOLE_USER: JsonObject = {
  ...JSON.parse(user.text),
  groups: groups.map(({ value, display }) => ({ value, $ref: `${BASE}/Groups/${value}`, display, type: 'direct' })),
  meta: { resourceType: 'User', location: `${BASE}/Users/user-1`, ...META },
};
const WHOLE_GROUP: JsonObject = {
  ...JSON.parse(group.text),
  members: members.map(({ value, type, display }) => ({ value, $ref: `${BASE}/${type}s/${value}`, type, display })),
  meta: { resourceType: 'Group', location: `${BASE}/Groups/group-1`, ...META },
};

const VIEWS: readonly Parameters<typeof readView>[1][] = [
  {},
  { attributes: 'userName' },
  { attributes: 'displayName' },
  { attributes: 'groups' },
  { attributes: 'groups.value,name.givenName' },
  { attributes: 'members' },
  { attributes: 'members.value' },
  { attributes: 'meta.version' },
  { attributes: ENTERPRISE },
  { excludedAttributes: 'groups' },
  { excludedAttributes: 'members' },
  { excludedAttributes: 'members.display,members.$ref' },
  { excludedAttributes: 'members.display,members.$ref,members.type,members.value' },
  { excludedAttributes: 'meta,emails' },
];

describe('the spliced text is the projection of the whole', () => {
  for (const given of VIEWS) {
    const name = JSON.stringify(given);
    test(`of a user, ${name}`, () => {
      const view = readView(USER, given);
      const text = printResource({ record: user, groups }, { type: USER, view, base: BASE });
      expect(JSON.parse(text)).toEqual(projected(USER, WHOLE_USER, view));
    });

    test(`of a group, ${name}`, () => {
      const view = readView(GROUP, given);
      const text = printResource({ record: group, members }, { type: GROUP, view, base: BASE });
      expect(JSON.parse(text)).toEqual(projected(GROUP, WHOLE_GROUP, view));
    });

    test.each([1, 2, 3, 7])(`of a group whose members come in pieces of %i, ${name}`, async (size) => {
      const view = readView(GROUP, given);
      const long = printLong({ record: group, members: inPieces(size) }, { type: GROUP, view, base: BASE });
      expect(JSON.parse(await joined(long))).toEqual(projected(GROUP, WHOLE_GROUP, view));
    });
  }

  for (const given of VIEWS) {
    test.each([1, 2])(`of a user whose groups come in pieces of %i, ${JSON.stringify(given)}`, async (size) => {
      const view = readView(USER, given);
      const long = printLong({ record: user, groups: inPieces(size, groups) }, { type: USER, view, base: BASE });
      expect(JSON.parse(await joined(long))).toEqual(projected(USER, WHOLE_USER, view));
    });
  }

  test('of both in pieces', async () => {
    const printing = { type: GROUP, view: {}, base: BASE };
    const long = printLong({ record: group, groups: inPieces(1, groups), members: inPieces(3) }, printing);
    expect(JSON.parse(await joined(long))).toEqual({ ...WHOLE_GROUP, groups: WHOLE_USER.groups });
  });

  test('what is empty is left out (RFC 7643 §2.5)', async () => {
    const printing = { type: GROUP, view: {}, base: BASE };
    const { members: _, ...empty } = WHOLE_GROUP;
    expect(JSON.parse(printResource({ record: group, members: [] }, printing))).toEqual(empty);
    expect(JSON.parse(printResource({ record: group }, printing))).toEqual(empty);
    expect(JSON.parse(await joined(printLong({ record: group, members: inPieces<Member>(1, []) }, printing)))).toEqual(
      empty,
    );
    const { groups: __, ...alone } = WHOLE_USER;
    expect(JSON.parse(printResource({ record: user, groups: [] }, { ...printing, type: USER }))).toEqual(alone);
  });
});

describe('a type that has something to be returned on request', () => {
  const URN = 'urn:example:scim:schemas:extension:app:2.0:User';
  const attributes = { note: { returned: 'request' }, badge: {} } as const;
  const [type] = declaredTypes(TOLERANT, {
    extensions: [{ urn: URN, of: 'User', attributes }],
    entitlements: [],
  }) as [ResourceType];
  const record = stored('User', { ...JSON.parse(user.text), [URN]: { note: 'n', badge: 'b' } });

  test.each<[View, object]>([
    [{}, { badge: 'b' }],
    [readView(type, { attributes: `${URN}:note` }), { note: 'n' }],
  ])('%#: does not show it unless it is asked for, whole or in pieces', async (view, data) => {
    const printing = { type, view, base: BASE };
    const whole = JSON.parse(printResource({ record, groups }, printing));
    expect(whole[URN]).toEqual(data);
    expect(JSON.parse(await joined(printLong({ record, groups: inPieces(1, groups) }, printing)))).toEqual(whole);
    expect(Object.hasOwn(whole, 'groups')).toBe(view.attributes === undefined);
  });
});

describe('what a long reply holds', () => {
  test('is let go when it is written, given up, or breaks', async () => {
    for (const end of ['written', 'given up', 'broken'] as const) {
      let released = 0;
      const shown: Shown = {
        record: group,
        members: end === 'broken' ? broken() : inPieces(1),
        release: () => {
          released += 1;
        },
      };
      const printed = printLong(shown, { type: GROUP, view: {}, base: BASE });
      if (end === 'written') await joined(printed);
      if (end === 'broken') await expect(joined(printed)).rejects.toThrow('the disk');
      if (end === 'given up') {
        await printed.next();
        await printed.return(undefined);
      }
      expect(released).toBe(1);
    }
  });
});

function projected(type: typeof USER, whole: JsonObject, view: View): JsonObject {
  return JSON.parse(JSON.stringify(project(type, structuredClone(whole), view)));
}

function inPieces(size: number): AsyncGenerator<readonly Member[]>;
function inPieces<T>(size: number, list: readonly T[]): AsyncGenerator<readonly T[]>;
async function* inPieces(size: number, list: readonly unknown[] = members): AsyncGenerator<readonly unknown[]> {
  for (let from = 0; from < list.length; from += size) yield list.slice(from, from + size);
}

async function* broken(): AsyncGenerator<readonly Member[]> {
  yield members.slice(0, 1);
  throw new Error('the disk');
}

async function joined(chunks: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const chunk of chunks) text += chunk;
  return text;
}

function stored(type: string, resource: JsonObject): StoredRecord {
  return {
    type,
    id: String(resource.id),
    version: 3,
    created: META.created,
    modified: META.lastModified,
    active: true,
    memberCount: 0,
    text: JSON.stringify(resource),
  };
}

test('the reference to a manager is completed, and nothing that looks like one', () => {
  const looks = { displayName: '$ref":"Users/1"', badge$ref: 'Users/2', title: '"$ref":"Users/3' };
  const managed = stored('User', { ...looks, [ENTERPRISE]: { manager: { value: '4', $ref: 'Users/4' } } });
  const printed = JSON.parse(printResource({ record: managed }, { type: USER, view: {}, base: BASE }));
  expect(printed).toMatchObject({ ...looks, [ENTERPRISE]: { manager: { value: '4', $ref: `${BASE}/Users/4` } } });
  const alone = stored('User', looks);
  expect(JSON.parse(printResource({ record: alone }, { type: USER, view: {}, base: BASE }))).toMatchObject(looks);
});
