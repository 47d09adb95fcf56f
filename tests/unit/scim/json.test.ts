import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseJson, ScimError, writtenAsDecimal } from '../../../src/scim/index.ts';

describe('what JSON.parse accepts and nothing is wrong with', () => {
  test.each([
    '{}',
    '[]',
    'null',
    ' {"a" : [1, -2.5, 1e3, true, false, null, "x"], "b":{"a":1}} \r\n\t',
    '{"a":"\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83d\\ude00"}',
    '{"a":"[{\\"","b":"}]:,"}',
    '{"a":[{"value":1},{"value":2}]}',
    '{"constructor":{"prototype":{}},"hasOwnProperty":"toString"}',
    '"\ufeff"',
    '9007199254740991',
    '0.1',
    '1.50',
  ])('%s', (text) => {
    expect(parseJson(text)).toEqual(JSON.parse(text));
  });

  test('any value that JSON.stringify writes comes back', () => {
    const { json } = fc.letrec((tie) => ({
      json: fc.oneof(
        fc.string({ unit: 'binary' }).filter((text) => !text.includes('\0')),
        fc.maxSafeInteger(),
        fc.double({ noDefaultInfinity: true, noNaN: true }).filter((value) => Math.abs(value) < 2 ** 53),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie('json'), { maxLength: 4 }),
        fc
          .uniqueArray(fc.string({ maxLength: 30 }), { maxLength: 30, selector: (name) => name.toLowerCase() })
          .chain((names) => fc.tuple(...names.map((name) => tie('json').map((value) => [name, value] as const))))
          .map((entries) => Object.fromEntries(entries.filter(([name]) => name !== '__proto__'))),
      ),
    }));
    fc.assert(
      fc.property(json, fc.constantFrom(undefined, 2), (value, indent) => {
        const text = JSON.stringify(value, undefined, indent);
        expect(parseJson(text)).toEqual(JSON.parse(text));
      }),
      { numRuns: 500 },
    );
  });

  test('whatever JSON.parse refuses is refused, as a SCIM error', () => {
    const pieces = [
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"a"',
      '"b\\n"',
      '1',
      '-',
      '0.5',
      '01',
      'true',
      'nul',
      ' ',
      '"',
      '\\',
      '\n',
      'e',
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 12 }), (parts) => {
        const text = parts.join('');
        const native = attempt(() => JSON.parse(text));
        const ours = attempt(() => parseJson(text));
        if (ours instanceof Error) {
          expect(ours).toBeInstanceOf(ScimError);
          // Ours alone refuses only what its docstring lists.
          if (!(native instanceof Error)) expect((ours as ScimError).detail).toMatch(/given twice|exactly/);
        } else {
          expect(ours).toEqual(native);
        }
      }),
      { numRuns: 3000 },
    );
  });
});

describe('malformed text is invalidSyntax, and says where', () => {
  test.each([
    ['', 'at character 1: expected a JSON value'],
    ['{"a":', 'at character 6, at or after "a": expected a JSON value'],
    ['{"a":}', 'at character 6, at or after "a": expected a JSON value'],
    ['{"a" 1}', 'expected ":"'],
    ['{"a":1', 'expected "," or "}"'],
    ['{"a":1 "b":2}', 'at character 8, at or after "a": expected "," or "}"'],
    ['{"a":1,}', 'expected the name of an attribute'],
    ['{a:1}', 'at character 2: expected the name of an attribute in double quotes, or "}"'],
    ['[1,]', 'expected a JSON value'],
    ['[1}', 'expected "," or "]"'],
    ['{"a":"x', 'closing quote'],
    ['{"a":"x\\"', 'closing quote'],
    ['{"a":"\\x"}', 'no escape that JSON knows'],
    ['{"a":"x\ny"}', 'control character'],
    ['{"a":tru}', 'expected a JSON value'],
    ['{"a":truely}', 'expected "," or "}"'],
    ['{"a":NaN}', 'expected a JSON value'],
    ['{"a":Infinity}', 'expected a JSON value'],
    ['{"a":01}', 'not a number'],
    ['{"a":1.}', 'not a number'],
    ['{"a":+1}', 'expected a JSON value'],
    ['{"a":0x10}', 'not a number'],
    ["{'a':1}", 'double quotes'],
  ])('%j', (text, detail) => {
    expectRefusal(text, 'invalidSyntax', detail);
  });

  test.each([
    ['a byte order mark', '\ufeff{}', 'byte order mark'],
    ['trailing text', '{} x', 'nothing after the JSON value'],
    ['a second value (NDJSON)', '{"a":1}\n{"a":2}', 'nothing after the JSON value'],
    ['a comment', '{} // c', 'nothing after the JSON value'],
    ['a comment inside', '{/* c */"a":1}', 'expected the name'],
  ])('T-JSON-05 %s', (_, text, detail) => {
    expectRefusal(text, 'invalidSyntax', detail);
  });

  test('a detail never quotes a value', () => {
    for (const text of [
      '{"password":"s3cret',
      '{"password":"s3cret"x}',
      '{"password":"s3cret\\u0000"}',
      '{"password":s3cret}',
    ]) {
      expect(refusalOf(text).detail).not.toContain('s3cret');
      expect(refusalOf(text).detail).toContain('"password"');
    }
  });
});

describe('T-JSON-01 names given twice are invalidSyntax', () => {
  test.each([
    ['exactly', '{"userName":"a","userName":"b"}'],
    ['in another case', '{"userName":"a","USERNAME":"b"}'],
    ['escaped', '{"id":"a","\\u0069d":"b"}'],
    ['escaped, in another case', '{"id":"a","\\u0049D":"b"}'],
    ['in an element', '{"emails":[{"value":"a"},{"value":"a","Value":"b"}]}'],
    ['the first and the last of many', `{"n0":0,${manyNames(1, 50)},"N0":1}`],
    ['both late among many', `{${manyNames(0, 50)},"x":0,"X":1}`],
    ['after a nested object of many', `{"a":{${manyNames(0, 50)}},"A":1}`],
  ])('%s', (_, text) => {
    expectRefusal(text, 'invalidSyntax', 'given twice');
  });

  test('the same name in different objects is fine', () => {
    const text = `{"a":{"a":[{"a":1},{"a":2}]},"b":{"a":{${manyNames(0, 40)}},"c":{${manyNames(0, 40)}}}}`;
    expect(parseJson(text)).toEqual(JSON.parse(text));
  });
});

describe('T-PP-01 __proto__ is no name', () => {
  test.each([
    '{"__proto__":{"isAdmin":true}}',
    '{"a":[{"b":{"__proto__":1}}]}',
    '{"__pr\\u006fto__":{}}',
    '{"\\u005f_proto__":{}}',
  ])('%s', (text) => {
    expectRefusal(text, 'invalidSyntax', '"__proto__" is not the name of an attribute');
    expect(({} as Record<string, unknown>).isAdmin).toBeUndefined();
  });

  test('as a value it is text', () => {
    expect(parseJson('{"userName":"__proto__"}')).toEqual({ userName: '__proto__' });
  });
});

describe('T-JSON-02 depth', () => {
  test('64 levels are read and 65 are not', () => {
    expect(parseJson(`${'['.repeat(64)}${']'.repeat(64)}`)).toBeDefined();
    expectRefusal(`${'['.repeat(65)}${']'.repeat(65)}`, 'invalidSyntax', 'at most 64 levels');
  });

  test.each([
    ['arrays', '['.repeat(100_000)],
    ['closed arrays', '['.repeat(100_000) + ']'.repeat(100_000)],
    ['objects', '{"a":'.repeat(100_000)],
    ['closed objects', `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`],
  ])('100,000 %s are refused, whatever the limit, without a stack overflow', (_, text) => {
    expectRefusal(text, 'invalidSyntax', 'at most 64 levels');
    expect(() => parseJson(text, { depth: 10 })).toThrow('at most 10 levels');
  });
});

describe('T-JSON-03 numbers that would be rounded are invalidValue', () => {
  test.each([
    '1e400',
    '-1e400',
    '1e-400',
    '9007199254740992',
    '9007199254740993',
    '-9007199254740993',
    '1e300',
    '0.12345678901234567890',
    '3.14159265358979323846',
    '-0',
    '-0.0',
    '-0e5',
  ])('%s', (numeral) => {
    expectRefusal(`{"a":${numeral}}`, 'invalidValue', 'cannot be kept exactly');
  });

  test('every double that is no large integer is read as it was printed', () => {
    fc.assert(
      fc.property(fc.double({ noDefaultInfinity: true, noNaN: true }), (value) => {
        fc.pre(!Object.is(value, -0) && (Math.abs(value) < 2 ** 53 || !Number.isInteger(value)));
        expect(parseJson(String(value))).toBe(value);
        expect(parseJson(value.toExponential())).toBe(value);
      }),
    );
  });

  test('1.0 and 1e3 are known as decimals, 1 and 1000 are not', () => {
    const value = parseJson('{"a":1.0,"b":1,"c":{"d":1e3},"e":[1.0,2],"f":1.5}') as Record<string, object>;
    expect(value).toEqual({ a: 1, b: 1, c: { d: 1000 }, e: [1, 2], f: 1.5 });
    expect(writtenAsDecimal(value, 'a')).toBe(true);
    expect(writtenAsDecimal(value, 'b')).toBe(false);
    expect(writtenAsDecimal(value.c ?? {}, 'd')).toBe(true);
    expect(writtenAsDecimal(value.e ?? [], '0')).toBe(true);
    expect(writtenAsDecimal(value.e ?? [], '1')).toBe(false);
    expect(writtenAsDecimal(parseJson('{"a":1}') as object, 'a')).toBe(false);
  });
});

describe('T-UNI-04 what is no character is invalidValue', () => {
  test.each([
    ['a lone surrogate, escaped', '{"a":"\\ud800"}', 'surrogate'],
    ['a lone low surrogate, escaped', '{"a":"\\udc00x"}', 'surrogate'],
    ['a pair the wrong way round', '{"a":"\\udc00\\ud800"}', 'surrogate'],
    ['a lone surrogate, raw', '{"a":"\ud800"}', 'surrogate'],
    ['a lone surrogate in a name', '{"\\ud800":1}', 'surrogate'],
    ['NUL, escaped', '{"a":"x\\u0000"}', 'NUL'],
    ['NUL, raw', '{"a":"x\0"}', 'NUL'],
    ['NUL in a name', '{"a\\u0000":1}', 'NUL'],
  ])('%s', (_, text, detail) => {
    expectRefusal(text, 'invalidValue', detail);
  });

  test('noncharacters, BOMs inside, other controls and emoji are characters', () => {
    expect(parseJson('{"a":"\uffff\ufeff\\u0001👩‍💻"}')).toEqual({ a: '\uffff\ufeff\u0001👩‍💻' });
  });
});

test('T-JSON-04 100,000 names in one object are read, and a duplicate among them is found', () => {
  const text = `{${manyNames(0, 100_000)}}`;
  const many = { names: 200_000, furtherNames: 200_000, differentNames: 200_000, values: 200_000 };
  expect(Object.keys(parseJson(text, many) as object).length).toBe(100_000);
  expect(() => parseJson(`{${manyNames(0, 100_000)},"N99999":1}`, many)).toThrow('given twice');
  const integers = `{${Array.from({ length: 100_000 }, (_, at) => `"${at * 4096}":0`).join(',')}}`;
  expect(Object.keys(parseJson(integers, many) as object).length).toBe(100_000);
});

test('T-JSON-04 at most 1,000 names stand in one object', () => {
  expect(Object.keys(parseJson(`{${manyNames(0, 1000)}}`) as object).length).toBe(1000);
  expectRefusal(`{${manyNames(0, 1001)}}`, 'invalidSyntax', 'at most 1000 names in one object');
  expectRefusal(`[{"a":{${manyNames(0, 1001)}}}]`, 'invalidSyntax', 'at most 1000 names in one object');
});

describe('T-DOS-03 values are counted in the whole text', () => {
  test.each([
    ['empty arrays', '[]'],
    ['empty objects', '{}'],
    ['literals', 'null'],
    ['strings', '""'],
  ])('100,000 %s are read and one more is 413', (_, value) => {
    // The array around them is a value too.
    const text = `[${`${value},`.repeat(99_998)}${value}]`;
    expect(parseJson(text)).toHaveLength(99_999);
    const over = refusalOf(`{"members":[${text},1]}`);
    expect(over).toMatchObject({ status: 413 });
    expect(over.detail).toMatch(/^The body has more than 100000 values, .* in or after "members"\./);
    expect(parseJson(`[${text},1]`, { values: 100_003 })).toHaveLength(2);
  });

  test('T-JSON-04 5,000 different names are read and one more is 413, however few an object has', () => {
    // The first 256 names of a text are not remembered.
    const first = `{"first":0},`.repeat(256);
    const objects = `${first}${Array.from({ length: 5000 }, (_, at) => `{"n${at}":{"N${at % 10}":0}}`).join(',')}`;
    // `N0` to `N9` are written otherwise than `n0` to `n9`, and count.
    expect(refusalOf(`[${objects}]`)).toMatchObject({ status: 413 });
    expect(refusalOf(`[${objects}]`).detail).toContain('more than 5000 different names');
    const most = objects.replaceAll(/"N\d"/g, '"n0"');
    expect(parseJson(`[${most}]`)).toHaveLength(5256);
    expect(parseJson(`[${most},{"n5":0}]`)).toHaveLength(5257);
  });

  test('T-JSON-04 50,000 names are read after the 32nd of their objects, and one more is 413', () => {
    const objects = (count: number, names: number) => `${`{${manyNames(0, names)}},`.repeat(count)}{}`;
    expect(parseJson(`[${objects(500, 132)}]`)).toHaveLength(501);
    expect(parseJson(`[${objects(3000, 32)}]`)).toHaveLength(3001);
    expect(refusalOf(`[${objects(500, 132)},{${manyNames(0, 33)}}]`)).toMatchObject({ status: 413 });
  });

  test('10,000 decimals are read and one more is 413; short whole numbers are none', () => {
    const text = `[${'1.0,'.repeat(9_999)}`;
    expect(parseJson(`${text}0.5]`)).toHaveLength(10_000);
    expect(parseJson(`${text}${'0,-7,999999999999999,'.repeat(1000)}0.5]`)).toHaveLength(13_000);
    for (const numeral of ['0.5', '1e3', '1234567890123456', '-0.25']) {
      const over = refusalOf(`${text}0.5,${numeral}]`);
      expect(over).toMatchObject({ status: 413 });
      expect(over.detail).toContain('more than 10000 numbers');
    }
  });

  test('a string has 1,048,576 characters from its first escape on, and with one more is 413', () => {
    const most = 'x'.repeat(1_048_574);
    for (const [before, after] of [
      ['{"a":"', '"}'],
      ['{"', '":1}'],
    ] as const) {
      expect(parseJson(`${before}${most.slice(1)}\\n${most}${after}`)).toBeTypeOf('object');
      const over = refusalOf(`${before}\\n${most}x${after}`);
      expect(over).toMatchObject({ status: 413 });
      expect(over.detail).toContain('more than 1048576 characters in a string with escapes');
    }
    expect(refusalOf(`["${'\\"'.repeat(600_000)}"]`)).toMatchObject({ status: 413 });
    expect(parseJson(`["${most}${most}"]`)).toHaveLength(1);
  });

  test('a number has a thousand characters, and one with more is refused', () => {
    expect(parseJson(`[1.${'0'.repeat(998)}]`)).toEqual([1]);
    for (const numeral of [`1.${'0'.repeat(999)}`, '1'.repeat(1001), `1e${'0'.repeat(999)}`, '1x'.repeat(501)]) {
      expectRefusal(`[${numeral}]`, 'invalidValue', 'cannot be kept exactly');
    }
  });

  test('where decimals stand is known at any depth, whatever the names are', () => {
    const text = '{"2":[[{"constructor":{"valueOf":1.0,"1":5}}]],"1":{"a\\u0062":[7,[1e2,3]]},"0":2.0}';
    // biome-ignore lint/suspicious/noExplicitAny: a value whose shape is written right above
    const value = parseJson(text) as any;
    expect(value).toEqual(JSON.parse(text));
    expect(writtenAsDecimal(value['2'][0][0].constructor, 'valueOf')).toBe(true);
    expect(writtenAsDecimal(value['2'][0][0].constructor, '1')).toBe(false);
    expect(writtenAsDecimal(value['1'].ab[1], '0')).toBe(true);
    expect(writtenAsDecimal(value['1'].ab[1], '1')).toBe(false);
    expect(writtenAsDecimal(value['1'].ab, '0')).toBe(false);
    expect(writtenAsDecimal(value, '0')).toBe(true);
  });
});

test('escapes are checked in values as in names', () => {
  for (const good of ['\\"\\\\\\/\\b\\f\\n\\r\\t', '\\uD83D\\uDE00x\\u00e9', 'x\\\\', '\\uFfFf']) {
    expect(parseJson(`{"${good}":"${good}","b":"y"}`)).toEqual(JSON.parse(`{"${good}":"${good}","b":"y"}`));
  }
  for (const [bad, says] of [
    ['\\u00g0', 'no escape'],
    ['\\u00', 'no escape'],
    ['\\u 041', 'no escape'],
    ['\\U0041', 'no escape'],
    ['\\ud83d\\u0041', 'surrogate'],
    ['\\ud83d\\n', 'surrogate'],
    ['\\ud83d', 'surrogate'],
    ['\\ude00\\ud83d', 'surrogate'],
    ['\\n\\u0000', 'NUL'],
    ['\\n\t', 'control character'],
  ] as const) {
    for (const text of [`{"a":"${bad}"}`, `{"${bad}":1}`]) expect(refusalOf(text).detail, text).toContain(says);
  }
});

test('T-FIL-06 a string of 100,000 escapes is one pass', () => {
  expect(parseJson(`"${'\\"'.repeat(100_000)}"`)).toBe('"'.repeat(100_000));
  expectRefusal(`"${'\\"'.repeat(100_000)}`, 'invalidSyntax', 'closing quote');
});

function manyNames(from: number, to: number): string {
  return Array.from({ length: to - from }, (_, at) => `"n${from + at}":${at}`).join(',');
}

function expectRefusal(text: string, scimType: string, detail: string): void {
  const refusal = refusalOf(text);
  expect(refusal.detail).toContain(detail);
  expect(refusal).toMatchObject({ status: 400, scimType });
}

function refusalOf(text: string): ScimError {
  const result = attempt(() => parseJson(text));
  if (!(result instanceof ScimError)) throw new Error(`not refused: ${text.slice(0, 80)}`);
  return result;
}

function attempt(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}
