import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  atOnce,
  type JsonValue,
  parseJson,
  parseJsonInSteps,
  ScimError,
  writtenAsDecimal,
} from '../../../src/scim/index.ts';

type Limits = Parameters<typeof parseJson>[1];

/** What comes of it, and how its numbers were written; or what is said against it. */
function told(parse: () => JsonValue): unknown {
  try {
    const value = parse();
    return { value, order: JSON.stringify(value), decimals: decimalsIn(value) };
  } catch (error) {
    if (!(error instanceof ScimError)) throw error;
    return { status: error.status, scimType: error.scimType, detail: error.detail };
  }
}

function decimalsIn(value: JsonValue, place = ''): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => [
    ...(writtenAsDecimal(value, name) ? [`${place}/${name}`] : []),
    ...decimalsIn(inner, `${place}/${name}`),
  ]);
}

function expectSame(text: string, step: number, limits: Limits = {}): void {
  const inSteps = told(() => atOnce(parseJsonInSteps(text, limits, step)));
  expect(inSteps).toEqual(told(() => parseJson(text, limits)));
}

const NAMES = ['members', 'value', 'VALUE', '$ref', 'constructor', '0', '1', 'a\\u0062', ''];
const SCALARS = ['"a"', '1', '2.0', 'true', 'null', '1e3', '-5', '0.1', '"\\ud83d\\ude00"', '"é\\n"', '{}', '[]'];
const WRONG = [
  '"\\u0000"',
  '"\t"',
  '9007199254740993',
  '1e400',
  '-0',
  '"\ud800"',
  '"\\ud800"',
  '01',
  '{"__proto__":1}',
];

/** JSON text, some of whose values are none that is taken. */
function jsonOf(scalars: readonly string[]): fc.Arbitrary<string> {
  return fc.letrec<{ json: string }>((tie) => ({
    json: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom(...scalars),
      fc.string({ unit: 'grapheme', maxLength: 40 }).map((text) => JSON.stringify(text)),
      fc
        .tuple(fc.array(tie('json'), { maxLength: 9 }), fc.constantFrom('', ' ', '\n  '))
        .map(([elements, space]) => `[${space}${elements.join(`,${space}`)}${space}]`),
      fc
        .uniqueArray(fc.tuple(fc.constantFrom(...NAMES), tie('json')), {
          maxLength: 6,
          selector: ([name]) => name.toLowerCase(),
        })
        .map((entries) => `{${entries.map(([name, value]) => `"${name}" :${value}`).join(', ')}}`),
    ),
  })).json;
}

const right = jsonOf(SCALARS);
const partlyWrong = jsonOf([...SCALARS, ...SCALARS, ...WRONG]);
const steps = fc.integer({ min: 1, max: 60 });

describe('T-DOS-03 a long text that is parsed in steps is parsed as any other', () => {
  test('all that somebody may write, cut wherever it is cut', () => {
    fc.assert(
      fc.property(fc.oneof(right, partlyWrong), steps, (text, step) => expectSame(text, step)),
      { numRuns: 1000 },
    );
  });

  test('what is wrong with it is told in the same words: a character more, less or another anywhere', () => {
    const wrong = fc.constantFrom(
      '',
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"',
      '\\',
      '0',
      '.',
      ' ',
      '\n',
      '\0',
      '\ud800',
      '\ufeff',
    );
    fc.assert(
      fc.property(right, fc.nat(), fc.tuple(wrong, fc.nat(2)), steps, (text, place, [put, taken], step) => {
        const at = place % (text.length + 1);
        expectSame(text.slice(0, at) + put + text.slice(at + taken), step);
      }),
      { numRuns: 1000 },
    );
  });

  test('what is too much is told where it is too much', () => {
    const limits = fc.record({
      depth: fc.integer({ min: 1, max: 4 }),
      names: fc.integer({ min: 1, max: 5 }),
      values: fc.integer({ min: 1, max: 20 }),
      decimals: fc.nat(2),
      escaped: fc.nat(8),
      numeral: fc.integer({ min: 1, max: 4 }),
    });
    fc.assert(
      fc.property(right, limits, steps, (text, given, step) => expectSame(text, step, given)),
      { numRuns: 500 },
    );
  });

  test('lists in the elements of lists, each longer than a step, and objects of many names', () => {
    const member = (index: number) => ({ value: `id-${index}`, $ref: null, display: 'Bjørn "x"', type: 'User' });
    const list = (length: number) => Array.from({ length }, (_, index) => member(index));
    const many = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`n${index}`, list(index % 3)]));
    const value = {
      Operations: [
        { op: 'add', path: 'members', value: list(50) },
        ...Array.from({ length: 40 }, (_, index) => ({ op: 'add', value: { members: list(index) } })),
        { op: 'replace', value: { many, last: [[list(9), 1.5], [list(0)]] } },
      ],
      after: 'x',
    };
    const text = JSON.stringify(value);
    for (const step of [1, 7, 64, 500, 4096, 32_768, text.length * 2]) {
      expect(atOnce(parseJsonInSteps(text, {}, step))).toEqual(value);
    }
  });

  test('blanks are many steps, wherever they stand', () => {
    const blanks = ' '.repeat(1_000_000);
    for (const text of [`${blanks}{"a":1}`, `{"a"${blanks}:1}`, `{"a":${blanks}1}`, `{"a":1}${blanks}`]) {
      const count = [...parseJsonInSteps(text)].length;
      expect(count).toBeGreaterThan(text.length / 40_000);
      expectSame(text, 32_768);
    }
  });

  test('a hundred thousand members are many steps, and no one of them has much of the text', () => {
    const text = JSON.stringify(Array.from({ length: 100_000 }, (_, index) => ({ value: `${index}`, type: 'User' })));
    const parsing = parseJsonInSteps(text, { values: 1_000_000 });
    let count = 0;
    let step = parsing.next();
    for (; !step.done; step = parsing.next()) count += 1;
    expect(count).toBeGreaterThan(text.length / 40_000);
    expect(step.value).toEqual(JSON.parse(text));
  });
});
