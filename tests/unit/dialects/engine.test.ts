import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rewritePatch, rewriteResource } from '../../../src/dialects/index.ts';
import {
  applyPatch,
  GROUP,
  type JsonValue,
  type Resource,
  type ResourceType,
  readPatch,
  readResource,
  ScimError,
  TOLERANT,
  USER,
} from '../../../src/scim/index.ts';
import { ACME, ACME_USER, CASES, ENTERPRISE } from './cases.ts';

/** What the engine makes of what the rewrites make of it. */
function patched(before: Resource, ...operations: JsonValue[]): Resource {
  const message = { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations: operations };
  return applyPatch(USER, before, readPatch(USER, rewritePatch(USER, message).body, TOLERANT), TOLERANT).after;
}

function memberEdits(...operations: JsonValue[]) {
  const message = { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations: operations };
  const read = readPatch(GROUP, rewritePatch(GROUP, message).body, TOLERANT);
  return applyPatch(GROUP, { schemas: [GROUP.schema.id], displayName: 'Tours' }, read, TOLERANT).memberEdits;
}

function draft(type: ResourceType, body: Resource) {
  return readResource(type, rewriteResource(type, body).body, TOLERANT);
}

function refusal(work: () => unknown): Partial<ScimError> {
  try {
    work();
  } catch (error) {
    if (error instanceof ScimError) return { status: error.status, scimType: error.scimType, detail: error.detail };
    throw error;
  }
  return {};
}

const BEFORE: Resource = { schemas: [USER.schema.id], userName: 'bjensen', active: true, title: 'VP' };

test('every case of every rewrite is something that the engine then reads', () => {
  for (const [name, cases] of Object.entries(CASES)) {
    for (const { type = USER, resource, operation } of cases) {
      if (resource !== undefined) {
        const { body } = rewriteResource(type, { ...(resource[0] as Resource), schemas: [type.schema.id] });
        expect(
          () => readResource(type, { ...(body as Resource), ...NAMED, ...badge(body) }, TOLERANT),
          name,
        ).not.toThrow();
      }
      if (operation !== undefined) {
        const message = { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations: [operation[0]] };
        expect(() => readPatch(type, rewritePatch(type, message).body, TOLERANT), name).not.toThrow();
      }
    }
  }
});

const NAMED = { userName: 'bjensen', displayName: 'Babs' };

/** The application's own extension requires one, once it is there at all. */
function badge(body: JsonValue): Resource {
  const acme = (body as Resource)[ACME];
  return acme === undefined ? {} : { [ACME]: { ...(acme as Resource), badge: '7' } };
}

describe('what a person becomes', () => {
  test('Replace active "False" deactivates, "No" is refused by name', () => {
    expect(patched(BEFORE, { op: 'Replace', path: 'active', value: 'False' }).active).toBe(false);
    expect(refusal(() => patched(BEFORE, { op: 'Replace', path: 'active', value: 'No' }))).toMatchObject({
      status: 400,
      scimType: 'invalidValue',
      detail: expect.stringContaining('active'),
    });
  });

  test('one attribute too many does not keep a person from being disabled', () => {
    const urn = 'urn:ietf:params:scim:schemas:extension:Custom:2.0:User:badge';
    const after = patched(
      BEFORE,
      { op: 'Add', path: urn, value: 'x' },
      { op: 'replace', value: { active: 'False', 'nobody.knows': 1, [urn]: 2, [`${ENTERPRISE}:nobody`]: 3 } },
    );
    expect(after).toEqual({ ...BEFORE, active: false });
  });

  test('a role is made with the primary that the filter names as a string, and found by the next operation', () => {
    const after = patched(
      BEFORE,
      { op: 'Add', path: 'roles[primary eq "True"].display', value: 'Admin' },
      { op: 'Add', path: 'roles[primary eq "True"].value', value: 'admin' },
    );
    expect(after.roles).toEqual([{ value: 'admin', display: 'Admin', primary: true }]);
  });

  test('"" and {"value":""} take the manager away, and an element', () => {
    const before = { ...BEFORE, [ENTERPRISE]: { department: 'Tours', manager: { value: 'u1' } } };
    const path = `${ENTERPRISE}:manager`;
    for (const value of ['', { value: '' }, null, []]) {
      expect(patched(before, { op: 'Replace', path, value })[ENTERPRISE]).toEqual({ department: 'Tours' });
    }
    expect(patched(before, { op: 'Replace', path, value: 'u2' })[ENTERPRISE]).toEqual({
      department: 'Tours',
      manager: { value: 'u2' },
    });
    expect(patched(BEFORE, { op: 'Replace', path: 'title', value: '' }).title).toBeUndefined();
    const emails = [
      { type: 'work', value: '' },
      { type: 'home', value: 'b@example.com' },
    ];
    expect(patched(BEFORE, { op: 'Replace', path: 'emails', value: emails }).emails).toEqual([emails[1]]);
  });

  test('a value that is nothing leaves no element behind that says of what type it was', () => {
    const before = { ...BEFORE, phoneNumbers: [{ type: 'work', value: '1', primary: true }, { value: '2' }] };
    const path = 'phoneNumbers[type eq "work"].value';
    for (const value of ['', null]) {
      const element = { type: 'work', value };
      expect(patched(BEFORE, { op: 'add', path: 'phoneNumbers', value: element })).toEqual(BEFORE);
      expect(patched(BEFORE, { op: 'add', value: { phoneNumbers: [element] } })).toEqual(BEFORE);
      expect(patched(BEFORE, { op: 'replace', path, value })).toEqual(BEFORE);
      expect(patched(before, { op: 'replace', path, value }).phoneNumbers).toEqual([{ value: '2' }]);
      expect(patched(before, { op: 'replace', path: 'phoneNumbers.value', value })).toEqual(BEFORE);
      expect(draft(USER, { schemas: [USER.schema.id], userName: 'b', phoneNumbers: [element] }).attributes).toEqual({
        userName: 'b',
      });
    }
    expect(patched(before, { op: 'remove', path }).phoneNumbers).toEqual([{ value: '2' }]);
  });

  test('what is left of an element does not depend on the order in which its parts are emptied', () => {
    const role = { value: 'admin', display: 'Administrator', primary: true };
    const before = { ...BEFORE, roles: [role], addresses: [{ type: 'work', locality: 'Tours' }, { type: 'home' }] };
    const at = (name: string, value: JsonValue): JsonValue => ({
      op: 'Replace',
      path: `roles[primary eq "True"].${name}`,
      value,
    });
    expect(patched(before, at('value', '')).roles).toEqual([{ display: 'Administrator', primary: true }]);
    for (const operations of [
      [at('value', ''), at('display', 'Reader')],
      [at('display', 'Reader'), at('value', '')],
    ]) {
      expect(patched(before, ...operations).roles).toEqual([{ display: 'Reader', primary: true }]);
    }
    for (const operations of [
      [at('value', ''), at('display', '')],
      [at('display', ''), at('value', '')],
    ]) {
      expect(patched(before, ...operations).roles).toBeUndefined();
    }
    expect(patched(before, at('value', ''), at('display', ''), at('value', 'x')).roles).toEqual([
      { value: 'x', primary: true },
    ]);
    // What stood so before, stays.
    const path = 'addresses[type eq "work"].locality';
    expect(patched(before, { op: 'remove', path }).addresses).toEqual([{ type: 'home' }]);
    expect(patched(before, { op: 'replace', path: 'addresses[type eq "home"].locality', value: '' })).toEqual(before);
  });

  test('a list of one text is that text, of two it is refused by name', () => {
    expect(patched(BEFORE, { op: 'Replace', path: 'active', value: [{ $ref: null, value: 'False' }] }).active).toBe(
      false,
    );
    expect(patched(BEFORE, { op: 'Replace', path: 'title', value: ['x'] }).title).toBe('x');
    expect(refusal(() => patched(BEFORE, { op: 'Replace', path: 'active', value: ['True', 'False'] }))).toMatchObject({
      scimType: 'invalidValue',
      detail: expect.stringContaining('active'),
    });
  });

  test('the URN of the base schema as a key holds attributes of the resource', () => {
    const core = USER.schema.id;
    expect(patched(BEFORE, { op: 'replace', value: { [core]: { active: 'False', 'name.givenName': 'B' } } })).toEqual({
      ...BEFORE,
      active: false,
      name: { givenName: 'B' },
    });
    const given = { schemas: [core], userName: 'b', [core]: { title: 'x' }, [`${ENTERPRISE}:department`]: 'y' };
    expect(draft(USER, given).attributes).toEqual({ userName: 'b', title: 'x', [ENTERPRISE]: { department: 'y' } });
  });

  test('what is given twice, by name and by URN, is refused and not chosen from', () => {
    const core = USER.schema.id;
    for (const twice of [{ [core]: { title: 'x' } }, { [`${core}:title`]: 'x' }]) {
      const given = { schemas: [core], userName: 'b', title: 'y', ...twice };
      expect(refusal(() => draft(USER, given))).toMatchObject({ scimType: 'invalidSyntax' });
    }
  });

  test('a path that misspells a schema of the RFC is refused, and not taken for a custom one', () => {
    const core = USER.schema.id;
    for (const path of [`${core}.active`, `${core}s:active`, `${GROUP.schema.id}:displayName`]) {
      expect(refusal(() => patched(BEFORE, { op: 'replace', path, value: false })).scimType).toBe('invalidPath');
    }
  });

  test('what is required cannot be cleared by an empty string', () => {
    expect(refusal(() => patched(BEFORE, { op: 'Replace', path: 'userName', value: '' })).status).toBe(400);
    expect(refusal(() => draft(USER, { schemas: [USER.schema.id], userName: '' })).scimType).toBe('invalidValue');
  });

  test('what was cleared by "" is noted as null would be', () => {
    const { attributes, cleared } = draft(USER, {
      schemas: [USER.schema.id],
      userName: 'b',
      title: '',
      nickName: null,
    });
    expect(attributes).toEqual({ userName: 'b' });
    expect(cleared).toEqual(['title', 'nickName']);
  });
});

describe('who leaves a group', () => {
  test('those that a removal lists, and no others', () => {
    const value = [{ $ref: null, value: 'u1' }, 'u2'];
    expect(memberEdits({ op: 'Remove', path: 'members', value })).toEqual([{ kind: 'remove', ids: ['u1', 'u2'] }]);
  });

  test('nobody, when the list is empty', () => {
    expect(memberEdits({ op: 'Remove', path: 'members', value: [] })).toEqual([]);
    const before = { ...BEFORE, emails: [{ value: 'a@example.com' }] };
    expect(patched(before, { op: 'remove', path: 'emails', value: [] })).toEqual(before);
  });

  test('nobody, when the value is null', () => {
    expect(refusal(() => memberEdits({ op: 'remove', path: 'members', value: null })).status).toBe(400);
  });

  test('an id that is no string is named as what is wrong', () => {
    for (const value of [[{ value: 'u1' }, { value: 123 }], { VALUE: 123 }, [123], 123]) {
      expect(refusal(() => memberEdits({ op: 'remove', path: 'members', value }))).toMatchObject({
        scimType: 'invalidValue',
        detail: 'members.value must be a string, but it is a number.',
      });
    }
  });

  test('everybody, when there is no value', () => {
    expect(memberEdits({ op: 'Remove', path: 'members' })).toEqual([{ kind: 'set', members: [] }]);
  });

  test('nobody, when an element says no id: the request is refused', () => {
    for (const value of [[{ value: 'u1' }, { display: 'x' }], [{ value: '' }], [''], [5]]) {
      expect(refusal(() => memberEdits({ op: 'Remove', path: 'members', value })).status).toBe(400);
    }
    for (const value of ['', [{ value: '' }]]) {
      expect(refusal(() => memberEdits({ op: 'replace', path: 'members', value })).status).toBe(400);
    }
  });

  test('20,000 at once, in paths that the parser takes', () => {
    const ids = Array.from({ length: 20_000 }, (_, index) => `2819c223-7f76-453a-919d-${index}`);
    const edits = memberEdits({ op: 'Remove', path: 'members', value: ids.map((value) => ({ value })) });
    expect(edits.flatMap((edit) => (edit.kind === 'remove' ? edit.ids : []))).toEqual(ids);
    const short = Array.from({ length: 1000 }, (_, index) => String.fromCharCode(0x4e00 + index));
    expect(
      memberEdits({ op: 'Remove', path: 'members', value: short }).flatMap((edit) =>
        edit.kind === 'remove' ? edit.ids : [],
      ),
    ).toEqual(short);
  });

  test('an id is one id, whatever is in it', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme', minLength: 1 }), { minLength: 1, maxLength: 20 }), (ids) => {
        fc.pre(ids.every((id) => !id.includes('\0')));
        expect(memberEdits({ op: 'Remove', path: 'members', value: ids })).toEqual([{ kind: 'remove', ids }]);
      }),
    );
  });
});

describe('T-PP-03 keys of an operation without path', () => {
  const reaching = [
    '__proto__.isAdmin',
    'constructor.prototype.isAdmin',
    'constructor.prototype',
    'a.__proto__.b',
    'name.__proto__',
    `${ENTERPRISE}:__proto__.x`,
    `${ENTERPRISE}:constructor.prototype.x`,
    'emails[type eq "work"].__proto__',
  ];

  test.each(reaching)('T-PP-03 %s is refused with invalidPath', (key) => {
    expect(refusal(() => patched(BEFORE, { op: 'replace', value: { [key]: { isAdmin: true } } })).scimType).toBe(
      'invalidPath',
    );
    expect(({} as Resource).isAdmin).toBeUndefined();
  });

  test.each(['__proto__.isAdmin', 'constructor.prototype.isAdmin', `${ENTERPRISE}:__proto__`, 'urn:x:__proto__'])(
    'T-PP-02 the path %s is refused with invalidPath',
    (path) => {
      expect(refusal(() => patched(BEFORE, { op: 'replace', path, value: true })).scimType).toBe('invalidPath');
    },
  );

  test('T-PP-01 an own member called __proto__ stays one, and sets nothing', () => {
    const body = JSON.parse('{"__proto__":{"active":"True"},"active":"True","constructor":"True"}');
    const rewritten = rewriteResource(USER, body).body as Resource;
    expect(rewritten.active).toBe(true);
    expect(Object.getPrototypeOf(rewritten)).toBe(Object.prototype);
    expect(Object.hasOwn(rewritten, '__proto__')).toBe(true);
    const value = JSON.parse('{"__proto__":{"x":1},"name.givenName":"Joy"}');
    const patch = rewritePatch(USER, { Operations: [{ op: 'replace', value }] }).body;
    expect(JSON.stringify(patch)).toBe(
      '{"Operations":[{"op":"replace","value":{"__proto__":{"x":1}}},{"op":"replace","path":"name.givenName","value":"Joy"}]}',
    );
  });
});

describe('whatever is sent', () => {
  const names = fc.constantFrom(
    'active',
    'title',
    'EMAILS',
    'roles',
    'members',
    'manager',
    'name.givenName',
    ENTERPRISE,
    ACME,
    `${ACME}:floor`,
    USER.schema.id,
    `${USER.schema.id}:title`,
    GROUP.schema.id,
    'value',
    'primary',
    'x',
  );
  const json = fc.letrec<{ value: JsonValue }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom<JsonValue>('', 'True', 'false', 'u1', '12', 12, 1.5, null, true),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(names, tie('value'), { maxKeys: 4 }),
    ),
  })).value;
  const operation = fc.record(
    {
      op: fc.constantFrom('Add', 'remove', 'REPLACE', 'move'),
      path: fc.constantFrom(
        'active',
        'emails',
        'manager',
        'members',
        'roles[primary eq "True"].value',
        'emails[type eq "work"]',
        'emails[',
        'urn:x:y',
        `${ACME}:tags`,
        ACME,
      ),
      value: json,
    },
    { requiredKeys: ['op'] },
  );

  test('no rewrite throws or changes what it was given, and rewriting twice changes nothing more', () => {
    fc.assert(
      fc.property(fc.oneof(json, fc.record({ Operations: fc.array(operation, { maxLength: 4 }) })), (body) => {
        const before = JSON.stringify(body);
        for (const rewrite of [rewriteResource, rewritePatch]) {
          for (const type of [ACME_USER, GROUP]) {
            const once = rewrite(type, body as JsonValue);
            expect(once.body === body).toBe(once.used.length === 0);
            expect(rewrite(type, once.body).body).toEqual(once.body);
          }
        }
        expect(JSON.stringify(body)).toBe(before);
      }),
      { numRuns: 1000 },
    );
  });
});
