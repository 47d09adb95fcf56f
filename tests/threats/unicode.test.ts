import { describe, expect, test } from 'vitest';
import { fold } from '../../src/scim/index.ts';
import { worldOfFile } from './file-world.ts';
import { ENTERPRISE, expectRefusal, leavesNoTrace, query, type Representation, user } from './world.ts';

const world = await worldOfFile();
const { acme } = world;
const target = await acme.user('unicode');

const filtered = (filter: string) => acme.get(`/Users?filter=${encodeURIComponent(filter)}`);
const quoted = (text: string) => JSON.stringify(text);
const points = (text: string) =>
  [...text]
    .map((character) => (/[!-~]/.test(character) ? character : `U+${character.codePointAt(0)?.toString(16)}`))
    .join(' ');

describe('T-UNI-01 userNames that are one name, and those that are not', () => {
  const same: readonly (readonly [string, string])[] = [
    ['BJensen', 'bjensen'],
    ['BJENSEN@EXAMPLE.COM', 'bjensen@example.com'],
    ['caf\u00e9', 'cafe\u0301'],
    ['CAF\u00c9', 'cafe\u0301'],
    ['\u1e69', 's\u0307\u0323'],
    ['ｗｉｄｅ', 'wide'],
    ['ＷＩＤＥ', 'wide'],
    ['bo\u017f\u017f', 'boss'],
    ['\u212aelvin', 'kelvin'],
    ['\u212bngstrom', '\u00e5ngstrom'],
    ['straße', 'STRASSE'],
    ['straße', 'strasse'],
    ['\u0131nci', 'INCI'],
    ['\ufb01sh', 'FISH'],
    ['\ufb03ce', 'ffice'],
    ['ΟΔΟΣ', 'οδος'],
    ['οδοσ', 'οδος'],
    ['\u0130stanbul', 'i\u0307stanbul'],
    ['\u01c4ep', '\u01c6ep'],
    ['가', '\u1100\u1161'],
    ['ﾊﾟ', 'パ'],
  ];
  for (const [one, other] of same) {
    test(`${points(one)} and ${points(other)}: exactly one 201`, async () => {
      const made = await acme.post('/Users', user(one));
      expect(made, made.text).toMatchObject({ status: 201, body: { userName: one } });
      expectRefusal(await acme.post('/Users', user(other)), { status: 409, scimType: 'uniqueness', says: /userName/ });
      expectRefusal(await acme.put(`/Users/${target.id}`, user(other)), { status: 409, scimType: 'uniqueness' });
      expectRefusal(await acme.patch(`/Users/${target.id}`, [{ op: 'replace', path: 'userName', value: other }]), {
        status: 409,
        scimType: 'uniqueness',
      });
      for (const name of [one, other]) {
        const found = await filtered(`userName eq ${quoted(name)}`);
        // Found under every spelling, shown as it was sent.
        expect(found.body.Resources).toMatchObject([{ id: made.body.id, userName: one }]);
      }
      expect((await acme.delete(`/Users/${made.body.id}`)).status).toBe(204);
      expect((await acme.get(`/Users/${target.id}`)).body.userName).toBe('unicode');
    });
  }

  const different: readonly (readonly [string, string])[] = [
    ['\u0130nci', 'inci'],
    ['a\u0308', 'a'],
    ['é', 'e'],
    ['\u0430dmin', 'admin'],
    ['adm\u200bin', 'admin'],
    ['admin\u200d', 'admin'],
    ['\u202eadmin', 'admin'],
    ['\ufeffadmin', 'admin'],
    ['admin ', 'admin'],
    [' admin', 'admin'],
    ['ad min', 'ad\u00a0min'],
    ['①', '1'],
    ['ª', 'a'],
    ['²', '2'],
  ];
  for (const [one, other] of different) {
    test(`T-UNI-02 ${points(one)} and ${points(other)}: two names, each found as itself only`, async () => {
      const ids: string[] = [];
      for (const name of [one, other]) {
        const made = await acme.post('/Users', user(name));
        expect(made, made.text).toMatchObject({ status: 201, body: { userName: name } });
        ids.push(made.body.id);
      }
      for (const [index, name] of [one, other].entries()) {
        const found = await filtered(`userName eq ${quoted(name)}`);
        expect(found.body.Resources).toMatchObject([{ id: ids[index], userName: name }]);
        expect(found.body.Resources).toHaveLength(1);
      }
      for (const id of ids) await acme.delete(`/Users/${id}`);
    });
  }

  test('the key of a key is itself, for every key that was stored', async () => {
    for (const [one, other] of [...same, ...different]) {
      for (const name of [one, other, one.toUpperCase(), other.normalize('NFD')])
        expect(fold(fold(name))).toBe(fold(name));
    }
    for (const { name_key: key } of query(world.server.databasePath, 'SELECT name_key FROM resources')) {
      expect(fold(String(key))).toBe(key);
    }
  });

  test('userNames that are nothing, or only look like something, are refused', async () => {
    await leavesNoTrace(world, async () => {
      for (const name of ['', ' ', '\t', '\u00a0', '\u3000', '\n', '\r\n', '\u0085']) {
        expectRefusal(await acme.post('/Users', user(name)), {
          status: 400,
          scimType: 'invalidValue',
          says: /userName/,
        });
      }
    });
  });
});

describe('T-UNI-03 e-mail addresses are no accounts', () => {
  test('dotless ı, IDN and punycode, plus and dot variants: nobody is linked to anybody', async () => {
    const variants = [
      'mike@example.org',
      'm\u0131ke@example.org',
      'mike+x@example.org',
      'm.ike@example.org',
      'mike@b\u00fccher.example',
      'mike@xn--bcher-kva.example',
      'mike@example.org\u200b',
      'mike@ex\u0430mple.org',
    ];
    const ids = new Set<string>();
    for (const [index, value] of variants.entries()) {
      const made = await acme.user(`mail-${index}`, { emails: [{ value, type: 'work', primary: true }] });
      expect(made.emails).toMatchObject([{ value }]);
      ids.add(made.id);
    }
    // The same address again: another person, not the one who has it.
    const again = await acme.post(
      '/Users',
      user('mail-again', { emails: [{ value: 'mike@example.org' }], active: true }),
    );
    expect(again.status).toBe(201);
    ids.add(again.body.id);
    expect(ids.size).toBe(variants.length + 1);
    // An inactive holder of the address is not woken up by it either.
    const asleep = await acme.user('mail-asleep', { active: false, emails: [{ value: 'asleep@example.org' }] });
    const awake = await acme.user('mail-awake', { emails: [{ value: 'asleep@example.org' }] });
    expect(awake.id).not.toBe(asleep.id);
    expect((await acme.get(`/Users/${asleep.id}`)).body.active).toBe(false);
    const found = await filtered(`userName eq "mike@example.org"`);
    expect(found.body.totalResults).toBe(0);
  });

  test('none of plus, dot, punycode or look-alike variants finds another', async () => {
    for (const [asked, names] of [
      ['mike+x@example.org', ['mail-2']],
      ['m.ike@example.org', ['mail-3']],
      ['mike@b\u00fccher.example', ['mail-4']],
      ['mike@xn--bcher-kva.example', ['mail-5']],
      ['mike@ex\u0430mple.org', ['mail-7']],
    ] as const) {
      const found = await filtered(`emails.value eq ${quoted(asked)}`);
      expect(found.body.Resources.map(({ userName }: Representation) => userName)).toEqual(names);
    }
  });
});

describe('T-UNI-04 characters that are none, or that machines stumble over', () => {
  // As escapes in JSON text: no JavaScript string of ours has to hold them.
  const refused = [
    '\\u0000',
    'a\\u0000b',
    '\\ud800',
    '\\udc00',
    '\\ud83d',
    'a\\udfffb',
    '\\ud83d\\ud83d',
    '\\ude00\\ud83d',
  ];
  for (const escaped of refused) {
    test(`${escaped} in any attribute or key: 400`, async () => {
      await leavesNoTrace(world, async () => {
        const base = '"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"]';
        for (const body of [
          `{${base},"userName":"${escaped}"}`,
          `{${base},"userName":"unicode","title":"${escaped}"}`,
          `{${base},"userName":"unicode","externalId":"${escaped}"}`,
          `{${base},"userName":"unicode","emails":[{"value":"${escaped}"}]}`,
          `{${base},"userName":"unicode","name":{"familyName":"${escaped}"}}`,
          `{${base},"userName":"unicode","${ENTERPRISE}":{"department":"${escaped}"}}`,
          `{${base},"userName":"unicode","unknown":{"deep":["${escaped}"]}}`,
          `{${base},"userName":"unicode","${escaped}":"x"}`,
          `{${base},"userName":"unicode","password":"${escaped}"}`,
        ]) {
          expectRefusal(await acme.post('/Users', body), { status: 400, scimType: 'invalidValue' });
          expectRefusal(await acme.put(`/Users/${target.id}`, body), { status: 400, scimType: 'invalidValue' });
        }
        const patch = `{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"replace","path":"title","value":"${escaped}"}]}`;
        expectRefusal(await acme.patch(`/Users/${target.id}`, patch), { status: 400, scimType: 'invalidValue' });
      });
    });
  }

  const stored = [
    '\u{1f600}',
    '👩‍💻 שלום',
    '\u{10ffff}',
    '\ufffe',
    '\uffff',
    '\ufdd0',
    '\ufeff',
    '\u2028 \u2029',
    '\u200e\u202e',
    '\u001b[31mred',
    'line\nbreak\r\n\ttab',
    '\u0001\u001f\u007f\u0085',
    `"'\\/;--<script>&amp;`,
    '%00%0a',
    '\ufffd',
    'x'.repeat(10_000),
  ];
  for (const text of stored) {
    test(`${points(text.slice(0, 12))} is stored and given back to the letter, and found`, async () => {
      const attributes = {
        title: text,
        externalId: text,
        name: { familyName: text },
        emails: [{ value: text }],
        [ENTERPRISE]: { department: text },
      };
      const made = await acme.user('letter', attributes);
      expect(made).toMatchObject(attributes);
      expect((await acme.get(`/Users/${made.id}`)).body).toMatchObject(attributes);
      if (text.length < 1000) {
        for (const attribute of [
          'title',
          'externalId',
          'name.familyName',
          'emails.value',
          `${ENTERPRISE}:department`,
        ]) {
          const found = await filtered(`${attribute} eq ${quoted(text)}`);
          expect(
            found.body.Resources?.map(({ id }: Representation) => id),
            `${attribute} ${found.text}`,
          ).toContain(made.id);
        }
      }
      expect((await acme.put(`/Users/${made.id}`, user('letter', attributes))).body.meta.version).toBe('W/"1"');
      await acme.delete(`/Users/${made.id}`);
    });
  }

  test('control characters in names are refused', async () => {
    await leavesNoTrace(world, async () => {
      for (const control of ['\u0001', '\u001b', '\u007f', '\u0085', '\u009f', '\n']) {
        expectRefusal(await acme.post('/Users', user(`a${control}b`)), {
          status: 400,
          scimType: 'invalidValue',
          says: /userName/,
        });
        const group = { schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'], displayName: `a${control}b` };
        expectRefusal(await acme.post('/Groups', group), {
          status: 400,
          scimType: 'invalidValue',
          says: /displayName/,
        });
      }
    });
  });

  test('in paths and queries: a 404, a 400, or nothing found', async () => {
    await leavesNoTrace(world, async () => {
      for (const path of [
        '/Users/%00',
        `/Users/${target.id}%00`,
        '/Users/%ED%A0%80',
        '/Users/%FF',
        '/Users/%C0%AF',
        '/Users/%EF%BF%BE',
      ]) {
        for (const method of ['GET', 'DELETE', 'PUT']) {
          const reply = await acme.request(method, path, method === 'PUT' ? { body: user('x') } : {});
          expectRefusal(reply, { status: [400, 404] });
        }
      }
      for (const value of [
        '%22%00%22',
        '%22a%00%22',
        '%22%ED%A0%80%22',
        '%22%FF%22',
        '%22%5Cud800%22',
        '%22%5Cu0000%22',
        '%22%0A%22',
      ]) {
        const reply = await acme.get(`/Users?filter=userName%20eq%20${value}`);
        if (reply.status === 200) expect(reply.body.totalResults).toBe(0);
        else expectRefusal(reply, { status: 400, scimType: 'invalidFilter' });
      }
      for (const name of ['%00', '%ED%A0%80', '%E2%80%AE']) {
        const reply = await acme.get(`/Users/${target.id}?attributes=${name}`);
        if (reply.status === 200) expect(Object.keys(reply.body).sort()).toEqual(['id', 'schemas']);
        else expectRefusal(reply, { status: 400 });
      }
    });
  });
});
