import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ScimReply } from '../harness/index.ts';
import {
  type Customer,
  expectRefusal,
  GROUP,
  leavesNoTrace,
  openWorld,
  PATCH_OP,
  type Representation,
  USER,
  type World,
} from './world.ts';

let world: World;
let acme: Customer;
let target: Representation;
let group: Representation;

beforeAll(async () => {
  world = await openWorld();
  acme = world.acme;
  target = await acme.user('json', { title: 'as it was' });
  group = await acme.group('json', [target.id]);
});

afterAll(() => world.close());

/** The body at every endpoint that reads one, under both media types: the reply must be this refusal. */
async function refusedEverywhere(
  body: string | Uint8Array,
  expected: Parameters<typeof expectRefusal>[1],
): Promise<void> {
  await leavesNoTrace(world, async () => {
    for (const contentType of ['application/scim+json', 'application/json']) {
      for (const [method, path] of [
        ['POST', '/Users'],
        ['PUT', `/Users/${target.id}`],
        ['PATCH', `/Users/${target.id}`],
        ['POST', '/Groups'],
        ['PUT', `/Groups/${group.id}`],
        ['PATCH', `/Groups/${group.id}`],
      ] as const) {
        expectRefusal(await send(method, path, { body, contentType }), expected);
      }
    }
  });
}

async function send(
  method: string,
  path: string,
  { body, contentType }: { body: string | Uint8Array; contentType: string },
): Promise<ScimReply> {
  const reply = await fetch(`${acme.baseUrl}${path}`, {
    method,
    headers: { authorization: `Bearer ${acme.token}`, 'content-type': contentType },
    body: body as string,
  });
  const text = await reply.text();
  return { status: reply.status, headers: reply.headers, text, body: text === '' ? undefined : JSON.parse(text) };
}

const whole = `"schemas":["${USER}","${GROUP}","${PATCH_OP}"],"Operations":[{"op":"replace","path":"displayName","value":"x"}]`;

describe('T-JSON-01 a name given twice in one object', () => {
  const twice: readonly (readonly [name: string, body: string])[] = [
    ['exactly', `{${whole},"userName":"a","displayName":"a","userName":"b"}`],
    ['in another case', `{${whole},"userName":"a","displayName":"a","USERNAME":"b"}`],
    ['escaped', `{${whole},"displayName":"a","id":"1","\\u0069d":"2","userName":"x"}`],
    ['escaped and in another case', `{${whole},"userName":"a","\\u0055sername":"b","displayName":"x"}`],
    ['in a nested object', `{${whole},"userName":"a","displayName":"a","name":{"givenName":"a","givenName":"b"}}`],
    ['in an element', `{${whole},"userName":"a","displayName":"a","emails":[{"value":"a","Value":"b"}]}`],
    ['schemas', `{"schemas":["${USER}"],"schemas":["${GROUP}"],"userName":"a","displayName":"a"}`],
    ['Operations', `{"schemas":["${PATCH_OP}"],"Operations":[],"operations":[],"userName":"a","displayName":"a"}`],
    ['among very many', `{${whole},${Array.from({ length: 500 }, (_, index) => `"k${index}":1`).join(',')},"K250":2}`],
  ];
  for (const [how, body] of twice) {
    test(`${how}: 400`, () => refusedEverywhere(body, { status: 400, scimType: 'invalidSyntax', says: /twice/ }));
  }
});

describe('T-JSON-02 depth', () => {
  const levels = 100_000;
  const deep: readonly (readonly [name: string, body: string])[] = [
    ['arrays, closed', `${'['.repeat(levels)}${']'.repeat(levels)}`],
    ['arrays, open', '['.repeat(levels)],
    ['objects, closed', `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`],
    ['objects, open', '{"a":'.repeat(levels)],
    ['inside an unknown attribute', `{${whole},"unknown":${'['.repeat(levels)}${']'.repeat(levels)}}`],
    ['a thousand, in a value', `{${whole},"title":${'{"a":['.repeat(500)}${']}'.repeat(500)}}`],
    ['mixed', `{${whole},"x":${'[{"a":'.repeat(50_000)}`],
  ];
  for (const [how, body] of deep) {
    test(`${how}: 400 without a stack overflow`, () =>
      refusedEverywhere(body, { status: 400, scimType: 'invalidSyntax', says: /levels/ }));
  }

  test('ordinary nesting of what we do not know is fine', async () => {
    const body = `{"schemas":["${USER}"],"userName":"deep enough","unknown":${'['.repeat(40)}${']'.repeat(40)}}`;
    const reply = await send('POST', '/Users', { body, contentType: 'application/scim+json' });
    expect(reply.status, reply.text).toBe(201);
  });
});

describe('T-JSON-03 numbers that would be rounded, or are none', () => {
  const inexact = [
    '1e400',
    '-1e400',
    '9007199254740993',
    '-9007199254740993',
    '0.12345678901234567890',
    '1e-400',
    '-0',
  ];
  for (const number of inexact) {
    test(`${number}: 400, no silent rounding`, () =>
      refusedEverywhere(`{${whole},"userName":"n","displayName":"n","externalId":${number}}`, {
        status: 400,
        scimType: 'invalidValue',
      }));
  }

  const none = ['NaN', 'Infinity', '-Infinity', '01', '.5', '1.', '+1', '0x10', '1_000', '١', '--1', '1e', '-'];
  for (const number of none) {
    test(`${number} is no JSON: 400`, () =>
      refusedEverywhere(`{${whole},"userName":"n","displayName":"n","externalId":${number}}`, {
        status: 400,
        scimType: 'invalidSyntax',
      }));
  }

  test('where text or a boolean is expected, a fraction or a list is 400', async () => {
    await leavesNoTrace(world, async () => {
      for (const [name, value] of [
        ['active', '1'],
        ['active', '0'],
        ['active', '1.0'],
        ['active', '"yes"'],
        ['active', '[]'],
        ['active', '{}'],
        ['name', '1'],
        ['name', '[1]'],
        ['emails', '1'],
        ['emails', '[1.5]'],
      ]) {
        const body = `{"schemas":["${USER}"],"userName":"json","${name}":${value}}`;
        const reply = await send('PUT', `/Users/${target.id}`, { body, contentType: 'application/scim+json' });
        if (name === 'active' && (value === '[]' || value === '{}')) continue;
        expectRefusal(reply, { status: 400, scimType: 'invalidValue', says: new RegExp(`\\b${name}\\b`) });
      }
    });
  });
});

describe('T-JSON-04 very many keys', () => {
  test('100,000 integer-like or colliding ones are read and forgotten', async () => {
    const integers = Array.from({ length: 100_000 }, (_, index) => `"${index * 65_536}":1`).join(',');
    const descending = Array.from({ length: 100_000 }, (_, index) => `"${4_294_967_294 - index}":1`).join(',');
    const alike = Array.from({ length: 100_000 }, (_, index) => `"${'a'.repeat(20)}${index.toString(36)}":1`).join(',');
    for (const [index, keys] of [integers, descending, alike].entries()) {
      const nested = index === 0 ? `"name":{${keys}}` : keys;
      const body = `{"schemas":["${USER}"],"userName":"keys-${index}",${nested}}`;
      const reply = await send('POST', '/Users', { body, contentType: 'application/scim+json' });
      if (reply.status === 201) {
        expect(reply.text.length).toBeLessThan(2000);
        await acme.delete(`/Users/${reply.body.id}`);
      } else {
        expectRefusal(reply, { status: [400, 413] });
      }
      const patch = `{"schemas":["${PATCH_OP}"],"Operations":[{"op":"add","value":{${keys}}}]}`;
      const patched = await send('PATCH', `/Users/${target.id}`, { body: patch, contentType: 'application/scim+json' });
      if (patched.status !== 200) expectRefusal(patched, { status: [400, 413] });
    }
    expect((await acme.get(`/Users/${target.id}`)).body).toMatchObject({ userName: 'json', title: 'as it was' });
  });
});

describe('T-JSON-05 what is not one JSON text in UTF-8', () => {
  const body = `{"schemas":["${USER}"],"userName":"encoded","displayName":"é"}`;
  const bytes = new TextEncoder();
  const texts: readonly (readonly [name: string, body: string | Uint8Array])[] = [
    ['a byte order mark', `\ufeff${body}`],
    ['UTF-16 LE', new Uint8Array(Buffer.from(body, 'utf16le'))],
    ['UTF-16 LE with its mark', new Uint8Array(Buffer.from(`\ufeff${body}`, 'utf16le'))],
    ['UTF-16 BE', new Uint8Array(Buffer.from(body, 'utf16le').swap16())],
    ['Latin-1', new Uint8Array(Buffer.from(body, 'latin1'))],
    ['an overlong encoding', Uint8Array.from([...bytes.encode('{"a":"'), 0xc0, 0xaf, ...bytes.encode('"}')])],
    ['a surrogate in UTF-8', Uint8Array.from([...bytes.encode('{"a":"'), 0xed, 0xa0, 0x80, ...bytes.encode('"}')])],
    ['text after it', `${body} x`],
    ['two texts', `${body}${body}`],
    ['lines of JSON', `${body}\n${body}\n`],
    ['a comment before it', `// hello\n${body}`],
    ['a comment in it', body.replace('{', '{/* hello */')],
    ['a trailing comma', body.replace(/\}$/, ',}')],
    ['single quotes', "{'schemas':[]}"],
    ['a name without quotes', '{schemas:[]}'],
    ['a raw line break in a string', body.replace('encoded', 'enc\noded')],
    ['an unknown escape', body.replace('encoded', 'enc\\xoded')],
    ['half of an escape', body.replace('encoded', 'enc\\u12')],
    ['a form', 'userName=encoded&displayName=x'],
    ['XML', '<user><userName>encoded</userName></user>'],
    ['nothing', ''],
    ['white space', ' \r\n\t '],
    ['another white space', `\u00a0${body}`],
    ['a list', `[${body}]`],
    ['a string', '"x"'],
    ['null', 'null'],
    ['a number', '42'],
  ];
  for (const [name, text] of texts) {
    test(`${name}: 400`, () => refusedEverywhere(text, { status: 400, scimType: 'invalidSyntax' }));
  }

  test.each([
    'application/json; charset=utf-16',
    'application/scim+json; charset=iso-8859-1',
    'application/json; charset=latin1',
    'application/x-ndjson',
    'application/json5',
    'application/xml',
    'text/plain',
  ])('%s: 415, although the bytes would do', async (contentType) => {
    await leavesNoTrace(world, async () => {
      for (const [method, path] of [
        ['POST', '/Users'],
        ['PATCH', `/Users/${target.id}`],
        ['PUT', `/Groups/${group.id}`],
      ] as const) {
        expectRefusal(await send(method, path, { body, contentType }), { status: 415 });
      }
    });
  });
});
