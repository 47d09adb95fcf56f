import { describe, expect, test } from 'vitest';
import { GROUP, type PatchPath, parsePath, type ResourceType, resolvePath, USER } from '../../../src/scim/index.ts';

const ENT = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const CORE = 'urn:ietf:params:scim:schemas:core:2.0:User';

describe('paths of PATCH', () => {
  test.each([
    ['active', { attribute: 'active' }],
    ['USERNAME', { attribute: 'userName' }],
    ['name.FamilyName', { attribute: 'name', sub: 'familyName' }],
    ['emails', { attribute: 'emails' }],
    ['emails.value', { attribute: 'emails', sub: 'value' }],
    [`${CORE}:name.givenName`, { attribute: 'name', sub: 'givenName' }],
    [`${ENT}:department`, { extension: ENT, attribute: 'department' }],
    [`${ENT.toUpperCase()}:MANAGER.VALUE`, { extension: ENT, attribute: 'manager', sub: 'value' }],
    ['password', { attribute: 'password' }],
  ])('PAT-09 PAT-13 %s is an attribute', (text, target) => {
    expect(read(text)).toMatchObject({ kind: 'attribute' });
    expect(namesOf(read(text))).toEqual(target);
  });

  test.each([
    ['emails[type eq "work"]', { attribute: 'emails' }],
    ['emails[type eq "work"].value', { attribute: 'emails', of: 'value' }],
    ['EMAILS[TYPE EQ "work" AND NOT (primary eq true)].DISPLAY', { attribute: 'emails', of: 'display' }],
    [`${CORE}:emails[primary eq true].value`, { attribute: 'emails', of: 'value' }],
    ['emails[type eq"work"].value', { attribute: 'emails', of: 'value' }],
    ['emails[(type eq "work")and(primary eq true)]', { attribute: 'emails' }],
    ['emails[type eq "]"].value', { attribute: 'emails', of: 'value' }],
    ['emails[ type eq "work" ].value', { attribute: 'emails', of: 'value' }],
  ])('PAT-09 FIL-21 %s is some elements', (text, names) => {
    expect(read(text)).toMatchObject({ kind: 'elements' });
    expect(namesOf(read(text))).toEqual(names);
  });

  test('the filter between brackets is looked up, with its keys', () => {
    expect(read('emails[type eq "Work" and value co "@X"].value')).toMatchObject({
      filter: {
        kind: 'and',
        terms: [
          { path: { attribute: { name: 'type' } }, operator: 'eq', key: 'work' },
          { path: { attribute: { name: 'value' } }, operator: 'co', key: '@x' },
        ],
      },
    });
    expect(read('members[value eq "2819c223"]', GROUP)).toMatchObject({
      kind: 'elements',
      target: { attribute: { name: 'members' } },
      filter: { operator: 'eq', value: '2819c223', key: '2819c223' },
    });
  });

  test.each([ENT, ENT.toLowerCase(), ENT.toUpperCase()])('%s is a whole extension', (text) => {
    expect(read(text)).toEqual({ kind: 'extension', urn: ENT });
  });

  test('the URN of an extension may end in a version, or look like one attribute of another', () => {
    const extension = (id: string) => ({ schema: { id, name: 'X', description: '', attributes: [] }, required: false });
    const type = {
      ...USER,
      extensions: [...USER.extensions, extension('urn:acme:people:2.0'), extension('http://acme.example/2.0/Person')],
    };
    expect(read('urn:acme:people:2.0', type)).toEqual({ kind: 'extension', urn: 'urn:acme:people:2.0' });
    expect(read('HTTP://acme.example/2.0/person', type)).toEqual({
      kind: 'extension',
      urn: 'http://acme.example/2.0/Person',
    });
  });

  test.each([
    ['nothing', ''],
    ['blanks', ' '],
    ['blanks around', ' active'],
    ['a blank inside', 'name .familyName'],
    ['PAT-12 a position', 'emails[0]'],
    ['PAT-12 a position and a sub-attribute', 'emails[0].value'],
    ['PAT-12 a JSON pointer', '/emails/0'],
    ['PAT-14 a sub-sub-attribute', 'name.familyName.x'],
    ['PAT-14 a sub-sub-attribute after brackets', 'emails[type eq "work"].value.x'],
    ['a dot at the end', 'name.'],
    ['a dot at the start', '.name'],
    ['a dot after brackets', 'emails[type eq "work"].'],
    ['text after brackets', 'emails[type eq "work"]value'],
    ['a blank after brackets', 'emails[type eq "work"] .value'],
    ['two brackets', 'emails[type eq "work"][primary eq true]'],
    ['a closing bracket more', 'emails[type eq "work"]]'],
    ['a comparison after brackets', 'emails[type eq "work"].value eq "x"'],
    ['brackets alone', '[type eq "work"]'],
    ['parentheses', '(active)'],
    ['quotes', '"active"'],
    ['a filter', 'active eq true'],
    ['parentheses before brackets', '(emails)[type eq "work"]'],
    ['a wildcard', '*'],
    ['JSONPath', '$.emails'],
    ['T-PP-02 __proto__', '__proto__'],
    ['T-PP-02 __proto__.x', '__proto__.isAdmin'],
    ['T-PP-02 constructor.prototype.x', 'constructor.prototype.isAdmin'],
    ['T-PP-02 constructor.prototype', 'constructor.prototype'],
    ['T-PP-02 name.__proto__', 'name.__proto__'],
    ['T-PP-02 a.__proto__.b', 'emails.__proto__.b'],
    ['T-PP-02 ENT:__proto__', `${ENT}:__proto__`],
    ['T-PP-02 ENT:__proto__.x', `${ENT}:__proto__.x`],
    ['T-PP-02 ENT:constructor', `${ENT}:constructor`],
    ['T-PP-02 toString', 'toString'],
    ['T-PP-02 emails[…].__proto__', 'emails[type eq "work"].__proto__'],
    ['T-PP-02 emails[…].constructor', 'emails[type eq "work"].constructor'],
    ['PAT-11 an unknown attribute', 'nope'],
    ['PAT-11 an unknown sub-attribute', 'name.nope'],
    ['PAT-11 an unknown sub-attribute after brackets', 'emails[type eq "work"].nope'],
    ['PAT-11 an unknown attribute before brackets', 'nope[type eq "work"]'],
    ['PAT-11 an unknown URN', 'urn:x:y:active'],
    ['PAT-11 an extension attribute without its URN', 'department'],
    ['PAT-11 a sub-attribute of what has none', 'userName.value'],
    ['brackets on a plain attribute', 'userName[value eq "a"]'],
    ['brackets on a single value', 'name[familyName eq "a"].givenName'],
    ['brackets on a sub-attribute', 'emails.value[type eq "a"]'],
    ['brackets on plain values', 'schemas[value eq "a"]'],
    ['the URN of the base schema', CORE],
    ['100,000 characters', 'a'.repeat(100_000)],
  ])('%s is invalidPath: %j', (_, text) => {
    expectRefusal(text, 'invalidPath');
  });

  test.each([
    ['PAT-10 FIL-65 no end', 'emails[type eq'],
    ['PAT-10 no closing bracket', 'emails[type eq "work"'],
    ['PAT-10 an open string', 'emails[type eq "work].value'],
    ['PAT-10 no filter', 'emails[]'],
    ['PAT-10 an unknown operator', 'emails[type is "work"]'],
    ['PAT-10 no quotes', 'emails[type eq work]'],
    ['PAT-10 brackets in brackets', 'emails[type[a pr]]'],
    ['PAT-10 an unknown sub-attribute', 'emails[nope eq "x"]'],
    ['PAT-10 FIL-52 an attribute of the resource', 'emails[userName eq "x"]'],
    ['PAT-10 a value of another type', 'emails[primary eq "True"]'],
    ['PAT-10 T-PP-02 __proto__ in brackets', 'emails[__proto__ pr]'],
    ['PAT-10 T-PP-02 constructor in brackets', 'emails[constructor pr]'],
    ['T-FIL-01 as deep as fits', `emails[${'('.repeat(8000)}`],
    ['T-FIL-01 as long as fits', `emails[${'type pr or '.repeat(700)}type pr]`],
  ])('%s is invalidFilter: %j', (_, text) => {
    expectRefusal(text, 'invalidFilter');
  });

  test.each([
    '('.repeat(100_000),
    'emails['.repeat(100_000),
    `emails[${'not('.repeat(100_000)}`,
    `emails[type eq "${'x'.repeat(1_000_000)}"]`,
  ])('T-FIL-01 what is too long is not read', (text) => {
    expectRefusal(text, 'invalidPath');
  });

  test('bare words, where they are accepted', () => {
    expect(resolvePath(parsePath('members[value eq 701984]', { unquotedValues: true }), GROUP)).toMatchObject({
      filter: { key: '701984' },
    });
    expect(resolvePath(parsePath('emails[type eq work].value', { unquotedValues: true }), USER)).toMatchObject({
      filter: { key: 'work' },
    });
  });

  test('a detail names the attribute and keeps what is compared to itself', () => {
    for (const text of [
      'emails[value eq "t0p-secret"].nope',
      'nope[value eq "t0p-secret"]',
      'emails[value eq "t0p-secret"]x',
    ]) {
      const detail = refusalOf(text).message;
      expect(detail).toMatch(/emails|nope/);
      expect(detail).not.toContain('t0p-secret');
    }
  });

  test('a detail names a sub-attribute that is not there as it is written elsewhere', () => {
    expect(refusalOf('emails[type eq "work"].nope').message).toBe(
      'The path names "emails.nope", which is not an attribute of a User.',
    );
  });

  test('nothing was put on Object.prototype', () => {
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect('isAdmin' in {}).toBe(false);
  });
});

function read(text: string, type: ResourceType = USER): PatchPath {
  return resolvePath(parsePath(text, { unquotedValues: false }), type);
}

function namesOf(path: PatchPath): object {
  if (path.kind === 'extension') return { urn: path.urn };
  const { extension, attribute, sub } = path.target;
  return {
    ...(extension === undefined ? {} : { extension }),
    attribute: attribute.name,
    ...(sub === undefined ? {} : { sub: sub.name }),
    ...(path.kind === 'elements' && path.sub !== undefined ? { of: path.sub.name } : {}),
  };
}

function expectRefusal(text: string, scimType: string): void {
  const refusal = refusalOf(text);
  expect(refusal).toMatchObject({ status: 400, scimType });
  expect(refusal.message.length).toBeLessThan(700);
}

function refusalOf(text: string): Error {
  try {
    read(text);
  } catch (error) {
    return error as Error;
  }
  throw new Error(`not refused: ${text.slice(0, 80)}`);
}
