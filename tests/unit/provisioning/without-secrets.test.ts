import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { queryWithoutSecrets } from '../../../src/provisioning/query-without-secrets.ts';
import { withoutSecrets } from '../../../src/provisioning/without-secrets.ts';

const TOKEN = `jn-${'Ab3_-'.repeat(8)}xyz`;
const SECRET = 'hunter2';

describe('a body as the journal keeps it', () => {
  test('is JSON still where a token stands behind an escape', () => {
    for (const rest of ['', ',"password":"hunter2"']) {
      const kept = withoutSecrets(`{"note":"a\\n${TOKEN}"${rest}}`);
      expect(JSON.parse(kept)).toEqual({ note: '[cut]', ...(rest === '' ? {} : { password: '[cut]' }) });
    }
  });

  test('is as it was sent where no secret is in it', () => {
    const body =
      '{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"ann \\"A\\" O\'Neil","title":null}';
    expect(withoutSecrets(body)).toBe(body);
    expect(withoutSecrets('')).toBe('');
  });

  test('has no password, by whatever name, at whatever depth, and nothing else is cut', () => {
    expect(withoutSecrets(`{"userName":"ann","password":"${SECRET}","active":true}`)).toBe(
      '{"userName":"ann","password":"[cut]","active":true}',
    );
    expect(
      withoutSecrets(
        `{"Operations":[{"op":"replace","path":"password","value":"${SECRET}"},{"op":"replace","path":"title","value":"x"}]}`,
      ),
    ).toBe(
      '{"Operations":[{"op":"replace","path":"password","value":"[cut]"},{"op":"replace","path":"title","value":"x"}]}',
    );
  });

  test.each([
    ['another case', `{"PassWord":"${SECRET}"}`],
    ['an escaped name', `{"p\\u0061ssword":"${SECRET}"}`],
    ['a name with its schema', `{"urn:ietf:params:scim:schemas:core:2.0:User:password":"${SECRET}"}`],
    ['an extension', `{"urn:x:User":{"deep":[{"newPassword":"${SECRET}"}]}}`],
    ['no string', `{"password":{"value":["${SECRET}"]}}`],
    ['a number', '{"password":4711004711}'],
    ['a path behind the value', `{"Operations":[{"value":"${SECRET}","op":"add","path":"password"}]}`],
    [
      'a path with its schema',
      `{"Operations":[{"op":"add","path":"urn:ietf:params:scim:schemas:core:2.0:User:PASSWORD","value":"${SECRET}"}]}`,
    ],
    ['an escaped path', `{"Operations":[{"op":"add","path":"\\u0070assword","value":"${SECRET}"}]}`],
    ['no path', `{"Operations":[{"op":"add","value":{"password":"${SECRET}","title":"x"}}]}`],
    ['a path given twice', `{"op":"replace","path":"password","value":"${SECRET}","path":"title"}`],
    ['a path with a filter', `{"op":"remove","path":"password[value eq \\"${SECRET}\\"]"}`],
    ['a search', `{"filter":"title pr and urn:x:User:PassWord  eq \\"${SECRET}\\""}`],
    ['the sentence about it', `{"detail":"\\"password sw \\"${SECRET}\\"\\" cannot be asked."}`],
    ['an API key', `{"urn:x:User":{"api_key":"${SECRET}","passphrase":"${SECRET}"}}`],
    ['a list as value', `{"Operations":[{"op":"add","path":"password","value":["${SECRET}",{"value":"${SECRET}"}]}]}`],
    ['a bulk', `{"Operations":[{"method":"POST","path":"/Users","data":{"userName":"a","password":"${SECRET}"}}]}`],
    [
      'a bulk with a PATCH',
      `{"Operations":[{"method":"PATCH","path":"/Users/1","data":{"Operations":[{"op":"replace","value":"${SECRET}","path":"password"}]}}]}`,
    ],
    ['two of the same name', `{"password":"${SECRET}","password":"${SECRET}"}`],
    ['JSON that ends too early', `{"userName":"ann","password":"${SECRET}"`],
    ['a string that does not end', `{"userName":"ann","password":"${SECRET}`],
    ['JSON with a word too many', `{"userName":"ann", password: "${SECRET}"}`],
    ['a form', `userName=ann&password=${SECRET}`],
    ['XML', `<User><password>${SECRET}</password></User>`],
    ['single quotes', `{'userName':'ann','password':'${SECRET}'}`],
    ['a secret of another kind', `{"clientSecret":"${SECRET}","access_token":"${SECRET}"}`],
  ])('%s', (_, body) => {
    const shown = withoutSecrets(body);
    expect(shown).not.toContain(SECRET);
    expect(shown).not.toContain('4711004711');
    expect(shown).toContain('[cut');
  });

  test.each([
    ['as a value', `{"userName":"${TOKEN}"}`],
    ['without its prefix', `{"userName":"${TOKEN.slice(3)}"}`],
    ['in the middle', `{"title":"my token is ${TOKEN}, keep it"}`],
    ['as a name', `{"${TOKEN}":1}`],
    ['escaped', `{"title":"${[...TOKEN].map((c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')}"}`],
    ['escaped in part', `{"title":"${TOKEN.replace('A', '\\u0041')}"}`],
    ['in what is no JSON', `<${TOKEN}>`],
  ])('no token is in it: %s', (_, body) => {
    const shown = withoutSecrets(body);
    expect(shown).not.toContain(TOKEN.slice(3));
    expect(shown).not.toContain('\\u0041');
  });

  test('of a long one only the beginning is kept, and its length is told', () => {
    const body = JSON.stringify({ title: 'é'.repeat(100_000), password: SECRET });
    const shown = withoutSecrets(body);
    expect(shown.length).toBeLessThan(16_500);
    expect(shown).toMatch(/^\{"title":"é+… \[cut: \d+ characters\]$/);
  });

  test('of a long one a value is cut, too, whose path was cut off with the rest', () => {
    const filler = JSON.stringify('x '.repeat(40_000));
    for (const body of [
      `{"Operations":[{"op":"add","value":"${SECRET}","filler":${filler},"path":"password"}]}`,
      `{"Operations":[{"op":"add","value":["${SECRET}",${filler}],"path":"password"}]}`,
      `{"Operations":[{"path":"password","value":["${SECRET}",${filler}]}]}`,
      `{"password":{"x":"${SECRET}","y":${filler}}}`,
      `{"password":"${SECRET}","y":${filler}}`,
    ]) {
      expect(withoutSecrets(body).includes(SECRET), body.slice(0, 60)).toBe(false);
    }
    const shown = withoutSecrets(
      `{"Operations":[{"op":"add","path":"members","value":[{"value":"an-id"},${filler}]}]}`,
    );
    expect(shown).toContain('an-id');
  });

  test('wherever a body is cut off, its password is not in it', () => {
    const whole = `{"schemas":[],"Operations":[{"op":"add","value":{"password":"${SECRET}"}},{"value":"${SECRET}","op":"add","path":"password"}],"password":"${SECRET}"}`;
    for (let end = 1; end < whole.length; end += 1) expect(withoutSecrets(whole.slice(0, end))).not.toContain(SECRET);
  });

  test('of any JSON with a password somewhere: all the rest stays, and it stays JSON', () => {
    const leaf = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null));
    const { json } = fc.letrec((tie) => ({
      json: fc.oneof(
        { depthSize: 'small' },
        leaf,
        fc.array(tie('json'), { maxLength: 3 }),
        fc.dictionary(fc.oneof(fc.constantFrom('value', 'path', 'op'), fc.string()), tie('json'), { maxKeys: 3 }),
        fc.record({ password: fc.constant(SECRET), beside: tie('json') }),
        fc.record({ op: fc.constant('add'), value: fc.constant(SECRET), path: fc.constant('password') }),
      ),
    }));
    fc.assert(
      fc.property(json, (value) => {
        const shown = withoutSecrets(JSON.stringify(value));
        expect(shown).not.toContain(SECRET);
        expect(JSON.parse(shown)).toEqual(cut(value, false));
      }),
      { numRuns: 300 },
    );
  });
});

const NAMES = /passw|pwd|secret|token|authorization/i;

/** What the journal promises, on the parsed value. */
function cut(value: unknown, isSecret: boolean): unknown {
  if (isSecret) return '[cut]';
  if (Array.isArray(value)) return value.map((each) => cut(each, false));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const path = entries.find(([name]) => name.toLowerCase() === 'path')?.[1];
  const isOfSecret = typeof path === 'string' && NAMES.test(path);
  return Object.fromEntries(
    entries.map(([name, each]) => [
      name,
      cut(each, NAMES.test(name) || (isOfSecret && name.toLowerCase() === 'value')),
    ]),
  );
}

describe('a query as the journal keeps it', () => {
  test.each([
    ['filter=userName%20eq%20%22ann%22&startIndex=1&count=2', 'filter=userName eq "ann"&startIndex=1&count=2'],
    ['filter=userName+eq+%22%C3%A9%22', 'filter=userName eq "é"'],
    [`access_token=${TOKEN}&count=1`, '…&count=1'],
    ['password=hunter2', '…'],
    ['filter=password%20eq%20%22hunter2%22', 'filter=[cut]'],
    [`filter=userName%20eq%20%22${TOKEN}%22`, 'filter=userName eq "[cut]"'],
    [`filter=userName%20eq%20%22%6an-${TOKEN.slice(3)}%22`, 'filter=userName eq "[cut]"'],
    [`cursor=${'a1'.repeat(40)}`, 'cursor=[cut]'],
    ['filter=p%61ssword%20eq%20%22hunter2%22&count=1', 'filter=[cut]&count=1'],
    ['filter=userName%20eq%20%22ann%40x.com%26b%22&a=b', 'filter=userName eq "ann@x.com&b"&…'],
    ['filter=userName%20eq%20%22ann%40x.com%26b%22', 'filter=userName eq "ann@x.com&b"'],
    ['filter=%E0%A4%A', 'filter=…'],
    ['hunter2', '…'],
  ])('%s', (query, shown) => {
    expect(queryWithoutSecrets(query)).toBe(shown);
  });
});
