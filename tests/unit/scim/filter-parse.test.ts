import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type AttributePath, type Filter, parseFilter, printFilter, ScimError } from '../../../src/scim/index.ts';

const ENT = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

describe('parseFilter', () => {
  test.each<[string, string, Filter<AttributePath>]>([
    ['a comparison', 'userName eq "a"', eq('userName', 'a')],
    ['FIL-01 in any case', 'Username Eq "a"', eq('Username', 'a')],
    ['FIL-01 keywords in any case', 'a pr AND NOT (b pr)', and(pr('a'), not(pr('b')))],
    ['FIL-02 and before or', 'a pr or b pr and c pr', or(pr('a'), and(pr('b'), pr('c')))],
    ['FIL-02 not before and', 'not (a pr) and b pr', and(not(pr('a')), pr('b'))],
    ['FIL-03 parentheses', '(a pr or b pr) and c pr', and(or(pr('a'), pr('b')), pr('c'))],
    ['FIL-06 D3 not without a space', 'not(a pr)', not(pr('a'))],
    ['FIL-08 redundant parentheses', '((a eq 1))', eq('a', 1)],
    ['FIL-16 escapes', '  a  eq   "a\\"b\\\\\\u00e9\\ud83d\\ude00" ', eq('a', 'a"b\\é😀')],
    ['FIL-22 tabs', 'a\teq\t1\tand\tb pr', and(eq('a', 1), pr('b'))],
    ['FIL-61 null', 'a eq null', eq('a', null)],
    ['literals', 'a eq true or a eq false or a eq -1.5e3', or(eq('a', true), eq('a', false), eq('a', -1500))],
    ['a string that looks like syntax', 'a eq "x) or (b pr" and c pr', and(eq('a', 'x) or (b pr'), pr('c'))],
    ['a sub-attribute', 'name.familyName co "x"', compare({ name: 'name', sub: 'familyName' }, 'co', 'x')],
    ['D4 $ref', 'members.$ref eq "x"', compare({ name: 'members', sub: '$ref' }, 'eq', 'x')],
    [
      'FIL-17 a URN with a version',
      'urn:x:core:2.0:User:userName sw "J"',
      compare({ urn: 'urn:x:core:2.0:User', name: 'userName' }, 'sw', 'J'),
    ],
    [
      'FIL-18 a URN and a sub-attribute',
      `${ENT}:manager.value eq "1"`,
      compare({ urn: ENT, name: 'manager', sub: 'value' }, 'eq', '1'),
    ],
    ['brackets', 'emails[type eq "work"]', elements('emails', eq('type', 'work'))],
    [
      'FIL-51 all of it in brackets',
      'emails[not (type eq "work") or primary eq true]',
      elements('emails', or(not(eq('type', 'work')), eq('primary', true))),
    ],
    [
      'FIL-53 brackets combined',
      'emails[a pr] or ims[b pr]',
      or(elements('emails', pr('a')), elements('ims', pr('b'))),
    ],
    [
      'brackets of an extension',
      'urn:x:2.0:things[a pr]',
      { kind: 'elements', path: { urn: 'urn:x:2.0', name: 'things' }, filter: pr('a') },
    ],
    ['an attribute called like an operator', 'eq eq "and"', eq('eq', 'and')],
  ])('%s: %s', (_, text, tree) => {
    expect(parseFilter(text, STRICT)).toEqual(tree);
  });

  test.each([
    ['FIL-07 not without parentheses', 'not a pr', '"(" after "not"'],
    ['FIL-07 not not', 'not not (a pr)', '"(" after "not"'],
    ['FIL-09 nothing', '', 'an attribute'],
    ['FIL-09 blanks', '  ', 'an attribute'],
    ['FIL-10 an unknown operator', 'userName regex "a"', 'one of the operators'],
    ['FIL-11 trailing text', 'a pr b', 'the end of the filter'],
    ['FIL-11 an open parenthesis', '(a pr', '"and", "or" or ")"'],
    ['FIL-11 a closing parenthesis', 'a pr)', 'the end of the filter'],
    ['FIL-11 an open bracket', 'a[b pr', '"and", "or" or "]"'],
    ['FIL-11 a closing bracket', 'a pr]', 'the end of the filter'],
    ['FIL-11 crossed', '(a[b pr)]', '"]"'],
    ['FIL-11 an open string', 'a eq "x', 'does not end'],
    ['FIL-11 an escaped closing quote', 'a eq "x\\"', 'does not end'],
    ['FIL-12 no operand', 'userName eq', 'a value after "eq"'],
    ['FIL-12 a keyword for an operand', 'userName eq and b pr', 'a value after "eq"'],
    ['FIL-12 no operator', 'userName', 'one of the operators'],
    ['FIL-13 pr with an operand', 'a pr "x"', 'the end of the filter'],
    ['FIL-14 no quotes', 'userName eq john', 'a value after "eq"'],
    ['FIL-15 single quotes', "userName eq 'john'", 'a value after "eq"'],
    ['FIL-21 no space before the operand', 'userName eq"a"', 'a space'],
    ['FIL-21 no space before a keyword', 'a eq "x"and b pr', 'a space'],
    ['FIL-21 no space after a keyword', 'a pr and(b pr)', 'a space'],
    ['D5 brackets in brackets', 'a[b[c pr]]', 'brackets cannot stand inside brackets'],
    ['D5 brackets in brackets in parentheses', 'a[(b[c pr])]', 'brackets cannot stand inside brackets'],
    ['D6 a name after brackets', 'a[b pr].c eq "x"', 'the end of the filter'],
    ['an operator after brackets', 'a[b pr] eq "x"', 'the end of the filter'],
    ['empty brackets', 'a[]', 'an attribute'],
    ['empty parentheses', '()', 'an attribute'],
    ['an empty not', 'not ()', 'an attribute'],
    ['a keyword at the end', 'a pr and', 'an attribute'],
    ['a keyword at the start', 'or a pr', 'one of the operators'],
    ['two keywords', 'a pr and or b pr', 'one of the operators'],
    ['a string for an attribute', '"a" pr', 'an attribute'],
    ['a sub-sub-attribute', 'a.b.c pr', 'an attribute'],
    ['a line break for a space', 'a\npr', 'an attribute'],
    ['a bad escape', 'a eq "\\x"', 'is not a JSON string'],
    ['a raw line break in a string', 'a eq "x\ny"', 'is not a JSON string'],
    ['a number that is none', 'a eq 01', 'a value after "eq"'],
    ['T-JSON-03 a number that would be rounded', 'a eq 9007199254740993', 'a value after "eq"'],
    ['T-JSON-03 minus zero', 'a eq -0', 'a value after "eq"'],
    ['True', 'a eq True', 'a value after "eq"'],
    ['T-UNI-04 a lone surrogate', 'a eq "\\ud800"', 'is not a JSON string'],
    ['T-UNI-04 NUL', 'a eq "\\u0000"', 'is not a JSON string'],
    ['an object', 'a eq {"b":1}', 'a value after "eq"'],
    ['only a URN', 'urn:x:2.0 pr', 'an attribute'],
    ['a colon first', ':a pr', 'an attribute'],
  ])('%s is invalidFilter: %j', (_, text, detail) => {
    expectRefusal(text, detail);
  });

  test.each([
    '__proto__',
    '__proto__.x',
    'constructor.prototype.x',
    "a')",
    '"."',
    '.',
    'a.',
    '.a',
    'a..b',
    'a;b',
    'a/b',
    'naïve',
    '1a',
    '-a',
    `${ENT}:__proto__`,
    'a`',
    'a%',
  ])('T-FIL-04 %j is no attribute', (name) => {
    expectRefusal(`${name} eq "x"`, 'expected');
  });

  describe('bare words, where they are accepted', () => {
    test.each<[string, Filter<AttributePath>]>([
      ['userName eq bjensen@example.com', eq('userName', 'bjensen@example.com')],
      ['(userName eq bjensen)', eq('userName', 'bjensen')],
      ['emails[type eq work]', elements('emails', eq('type', 'work'))],
      [
        'meta.created gt 2015-10-10T14:38:21.8617979-07:00',
        compare({ name: 'meta', sub: 'created' }, 'gt', '2015-10-10T14:38:21.8617979-07:00'),
      ],
      ['a eq True', eq('a', 'True')],
      ['a eq true', eq('a', true)],
      ['a eq 5', eq('a', 5)],
      ['a eq 007', eq('a', '007')],
      ['a eq 1.0', eq('a', '1.0')],
      ['a eq 9007199254740993', eq('a', '9007199254740993')],
      ["a eq o'brien", eq('a', "o'brien")],
      ['a eq "quoted words"', eq('a', 'quoted words')],
    ])('%s', (text, tree) => {
      expect(parseFilter(text, { unquotedValues: true })).toEqual(tree);
    });

    test.each([
      "userName eq 'john'",
      'userName eq',
      'userName eq or',
      'userName eq a b',
      'userName eq (a)',
      'userName eq a"b"',
      'userName eq a\0',
    ])('not %j', (text) => {
      expectRefusal(text, 'expected', { unquotedValues: true });
    });
  });

  describe('T-FIL-01 FIL-23 limits come first', () => {
    const many = 100_000;
    test.each([
      ['parentheses', '('.repeat(many)],
      ['not(', 'not('.repeat(many)],
      ['brackets', 'a['.repeat(many)],
      ['terms', `a pr${' and a pr'.repeat(many)}`],
      ['text', `a eq "${'x'.repeat(1_000_000)}"`],
      ['quotes', '"'.repeat(many)],
      ['blanks', ' '.repeat(many)],
    ])('100,000 %s', (_, text) => {
      expectRefusal(text, 'characters long; at most 8192');
    });

    test.each([
      ['levels', '('.repeat(8192), 'more than 100 levels'],
      ['levels of not', 'not('.repeat(2048), 'more than 100 levels'],
      ['terms', `a pr${' or a pr'.repeat(256)}`, 'more than 256 comparisons'],
      ['terms in parentheses', `${'(a pr) or '.repeat(256)}a pr`, 'more than 256 comparisons'],
      ['open brackets', 'a['.repeat(4096), 'brackets cannot stand inside brackets'],
      ['quotes', '"'.repeat(8191), 'does not end'],
      ['backslashes', `a eq "${'\\'.repeat(8000)}`, 'does not end'],
      ['one word', 'a'.repeat(8192), 'one of the operators'],
    ])('as many %s as fit', (_, text, detail) => {
      expectRefusal(text, detail);
    });

    test('what is within them is read', () => {
      expect(parseFilter(`${'('.repeat(99)}a pr${')'.repeat(99)}`, STRICT)).toEqual(pr('a'));
      expect(parseFilter(`a pr${' or a pr'.repeat(255)}`, STRICT)).toMatchObject({
        kind: 'or',
        terms: { length: 256 },
      });
      expect(parseFilter(`a eq "${'x'.repeat(8185)}"`, STRICT)).toMatchObject({ kind: 'compare' });
    });
  });
});

describe('printFilter', () => {
  test.each([
    'userName eq "a\\"b\\\\"',
    'a pr or b pr and c pr',
    '(a pr or b pr) and c pr',
    'a pr and (b pr and c pr)',
    'not (not (a pr))',
    `emails[type eq "work" and not (value co "@x")] or ${ENT}:manager.value pr`,
    'a eq -1.5e-7 or a eq null',
  ])('%s is printed as it is', (text) => {
    expect(printFilter(parseFilter(text, STRICT))).toBe(text);
  });

  test('T-FIL-05 parse ∘ print is the identity', () => {
    fc.assert(
      fc.property(trees(), fc.boolean(), (tree, unquotedValues) => {
        expect(parseFilter(printFilter(tree), { unquotedValues })).toEqual(tree);
      }),
      { numRuns: 2000 },
    );
  });

  test('T-FIL-05 what is cut, doubled or mixed up is read or refused, and read again the same when printed', () => {
    const edit = fc.tuple(
      fc.nat(),
      fc.nat(12),
      fc.constantFrom('', '(', ')', '[', ']', '"', '\\', ' ', 'not', 'pr', '.', '\0', '😀', '\ud800'),
    );
    fc.assert(
      fc.property(trees(), fc.array(edit, { maxLength: 4 }), fc.boolean(), (tree, edits, unquotedValues) => {
        let text = printFilter(tree);
        for (const [at, length, insert] of edits) {
          const place = at % (text.length + 1);
          text = text.slice(0, place) + insert + text.slice(place + length);
        }
        const parsed = attempt(() => parseFilter(text, { unquotedValues }));
        if (parsed instanceof Error) expect(parsed).toMatchObject({ status: 400, scimType: 'invalidFilter' });
        else expect(parseFilter(printFilter(parsed as Filter<AttributePath>), { unquotedValues })).toEqual(parsed);
      }),
      { numRuns: 3000 },
    );
  });
});

const STRICT = { unquotedValues: false };

function trees(): fc.Arbitrary<Filter<AttributePath>> {
  const name = fc.constantFrom('userName', 'a', '$ref', 'x-y_z9', 'not1', 'eq', 'pr', 'and');
  const urn = fc.constantFrom('urn:ietf:params:scim:schemas:core:2.0:User', 'http://x.example/2.0', 'urn:a.b:c');
  const path = fc.record({ name, urn, sub: name }, { requiredKeys: ['name'] });
  const value = fc.oneof(
    fc.string({ unit: 'binary' }).filter((text) => !text.includes('\0')),
    fc.string({ unit: fc.constantFrom('"', '\\', ' ', '(', ']', 'é', '😀', '\n', '\u2028') }),
    fc.boolean(),
    fc.constant(null),
    fc.integer(),
    fc
      .double({ noDefaultInfinity: true, noNaN: true, min: -1e15, max: 1e15 })
      .filter((number) => !Object.is(number, -0)),
  );
  const leaf = fc.oneof(
    path.map((path): Filter<AttributePath> => ({ kind: 'present', path })),
    fc
      .tuple(path, fc.constantFrom('eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'), value)
      .map(([path, operator, value]): Filter<AttributePath> => ({ kind: 'compare', path, operator, value })),
  );
  const within = (leaf: fc.Arbitrary<Filter<AttributePath>>): fc.Arbitrary<Filter<AttributePath>> =>
    fc.letrec<{ tree: Filter<AttributePath> }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4, withCrossShrink: true },
        leaf,
        fc
          .tuple(fc.constantFrom('and', 'or'), fc.array(tie('tree'), { minLength: 2, maxLength: 4 }))
          .map(([kind, terms]): Filter<AttributePath> => ({ kind, terms })),
        tie('tree').map((term): Filter<AttributePath> => ({ kind: 'not', term })),
      ),
    })).tree;
  const elements = fc
    .tuple(path, within(leaf))
    .map(([path, filter]): Filter<AttributePath> => ({ kind: 'elements', path, filter }));
  return within(fc.oneof({ weight: 3, arbitrary: leaf }, elements)).filter((tree) => {
    const text = printFilter(tree);
    return text.length <= 8192;
  });
}

function eq(name: string, value: string | number | boolean | null): Filter<AttributePath> {
  return compare({ name }, 'eq', value);
}

function compare(
  path: AttributePath,
  operator: 'eq' | 'co' | 'sw' | 'gt',
  value: string | number | boolean | null,
): Filter<AttributePath> {
  return { kind: 'compare', path, operator, value };
}

function pr(name: string): Filter<AttributePath> {
  return { kind: 'present', path: { name } };
}

function not(term: Filter<AttributePath>): Filter<AttributePath> {
  return { kind: 'not', term };
}

function and(...terms: Filter<AttributePath>[]): Filter<AttributePath> {
  return { kind: 'and', terms };
}

function or(...terms: Filter<AttributePath>[]): Filter<AttributePath> {
  return { kind: 'or', terms };
}

function elements(name: string, filter: Filter<AttributePath>): Filter<AttributePath> {
  return { kind: 'elements', path: { name }, filter };
}

function expectRefusal(text: string, detail: string, options = STRICT): void {
  const refusal = attempt(() => parseFilter(text, options));
  expect(refusal).toBeInstanceOf(ScimError);
  expect(refusal).toMatchObject({ status: 400, scimType: 'invalidFilter' });
  expect((refusal as ScimError).detail).toContain(detail);
  expect((refusal as ScimError).detail.length).toBeLessThan(400);
}

function attempt(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}
