import { describe, expect, test } from 'vitest';
import {
  REWRITES,
  rewriteAttributeNames,
  rewriteFilter,
  rewriteFilterText,
  rewritePatch,
  rewriteResource,
} from '../../../src/dialects/index.ts';
import {
  GROUP,
  type JsonObject,
  type JsonValue,
  parseFilter,
  parseJson,
  printFilter,
  USER,
} from '../../../src/scim/index.ts';
import { CASES, UNTOUCHED } from './cases.ts';

const PATCH_OP = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';
const message = (operations: JsonValue): JsonValue => ({ schemas: [PATCH_OP], Operations: operations });

test('each rewrite has cases, and nothing else has', () => {
  expect(Object.keys(CASES).toSorted()).toEqual(REWRITES.map(({ name }) => name).toSorted());
});

describe.each(Object.entries(CASES))('%s', (name, cases) => {
  test.each(
    cases.map((each) => [
      JSON.stringify(
        each.resource?.[0] ?? each.operation?.[0] ?? each.message?.[0] ?? each.filter?.[0] ?? each.attributes?.[0],
      ),
      each,
    ]),
  )('%s', (_, { type = USER, resource, operation, message: body, filter, attributes }) => {
    if (resource !== undefined) {
      const [sent, becomes] = resource;
      expect(rewriteResource(type, sent)).toEqual({ body: becomes, used: [name] });
    }
    if (operation !== undefined) {
      const [sent, becomes] = operation;
      expect(rewritePatch(type, message([sent]))).toEqual({ body: message(becomes), used: [name] });
    }
    if (body !== undefined) expect(rewritePatch(type, body[0])).toEqual({ body: body[1], used: [name] });
    if (attributes !== undefined) {
      expect(rewriteAttributeNames(attributes[0])).toEqual({ names: attributes[1], used: [name] });
    }
    if (filter !== undefined) {
      const [sent, becomes] = filter;
      const { text, used: usedOfText } = rewriteFilterText(sent);
      const { filter: rewritten, used } = rewriteFilter(type, parseFilter(text, { unquotedValues: true }));
      expect([...usedOfText, ...used]).toEqual([name]);
      expect(rewritten).toEqual(parseFilter(becomes, { unquotedValues: true }));
      expect(parseFilter(printFilter(rewritten), { unquotedValues: true })).toEqual(rewritten);
    }
  });
});

describe('what is legal, or for the engine to refuse, is given back as it is', () => {
  test.each(UNTOUCHED.map((each) => [JSON.stringify(each.resource ?? each.operation), each]))(
    '%s',
    (_, { type = USER, resource, operation }) => {
      const body = resource ?? message([operation ?? null]);
      const rewritten = resource === undefined ? rewritePatch(type, body) : rewriteResource(type, body);
      expect(rewritten.used).toEqual([]);
      expect(rewritten.body).toBe(body);
    },
  );

  test.each([
    'userName eq "True"',
    'emails[type eq "work"]',
    'emails[type eq "]." and value pr] and meta.created gt "2011-05-13T04:42:34Z"',
    'active eq "no" and nobody eq "True" and nobody[primary eq "True"] and emails.primary eq 1',
  ])('filter %s', (sent) => {
    const { text, used } = rewriteFilterText(sent);
    const filter = parseFilter(text, { unquotedValues: false });
    expect(text).toBe(sent);
    expect(used).toEqual([]);
    const rewritten = rewriteFilter(USER, filter);
    expect(rewritten.filter).toBe(filter);
    expect(rewritten.used).toEqual([]);
  });

  test.each(
    [null, 5, 'x', [], {}, { Operations: 'x' }, { Operations: {} }].map((body) => [JSON.stringify(body), body]),
  )('a body that is %s', (_, body) => {
    expect(rewriteResource(USER, body)).toEqual({ body, used: [] });
    expect(rewritePatch(USER, body).body).toBe(body);
  });
});

test('several rewrites of one request are named once each, in their order', () => {
  const { body, used } = rewritePatch(
    USER,
    message([
      { op: 'Add', path: 'manager', value: [{ value: 'u1' }] },
      { op: 'Replace', value: { 'name.givenName': '', active: 'False', externalId: 5 } },
      { op: 'Replace', path: 'active', value: 'True' },
      { op: 'replace', path: 'title', value: 'untouched' },
    ]),
  );
  const manager = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager';
  expect(body).toEqual(
    message([
      { op: 'add', path: manager, value: { value: 'u1' } },
      { op: 'replace', value: { active: false, externalId: '5' } },
      { op: 'replace', path: 'name.givenName', value: null },
      { op: 'replace', path: 'active', value: true },
      { op: 'replace', path: 'title', value: 'untouched' },
    ]),
  );
  expect(used).toEqual([
    'extension-attribute-without-urn',
    'list-for-single-value',
    'dotted-keys-without-path',
    'boolean-as-string',
    'number-for-string',
    'empty-string-is-unassigned',
  ]);
});

test('the names of a message are read in any case, and what it says besides is kept', () => {
  const sent = {
    SCHEMAS: [PATCH_OP],
    id: 'x',
    operations: [{ OP: 'Replace', Path: 'active', VALUE: 'False', name: 'n' }],
  };
  expect(rewritePatch(USER, sent).body).toEqual({
    SCHEMAS: [PATCH_OP],
    id: 'x',
    operations: [{ op: 'replace', path: 'active', value: false }],
  });
});

test('a number that was written with a point stays for the engine to judge', () => {
  const resource = parseJson('{"externalId":701984.0,"title":5}');
  expect(rewriteResource(USER, resource).body).toEqual({ externalId: 701984, title: '5' });
  const patch = parseJson('{"Operations":[{"op":"replace","path":"externalId","value":701984.0}]}');
  expect(rewritePatch(USER, patch).body).toBe(patch);
});

test('T-DOS-03 members to remove are rewritten by the fifty thousand, and beyond that left for the engine to refuse', () => {
  const ids = (count: number) =>
    Array.from({ length: count }, (_, at) => `01a20083-9226-76d8-a32b-${String(at).padStart(12, '0')}`);
  const remove = (count: number) => ({ op: 'remove', path: 'members', value: ids(count).map((value) => ({ value })) });
  const rewritten = (operations: JsonValue) => (rewritePatch(GROUP, message(operations)).body as JsonObject).Operations;
  const texts = JSON.stringify(rewritten([remove(50_000)]));
  expect(texts.match(/01a20083-9226-76d8-a32b-\d{12}/g)).toEqual(ids(50_000));
  expect(texts).not.toContain('"value":[');
  expect(rewritten([remove(70_000)])).toEqual([remove(70_000)]);
  const [last] = (rewritten([remove(35_000), remove(35_000)]) as JsonObject[]).slice(-1);
  expect(last).toEqual(remove(35_000));
});
