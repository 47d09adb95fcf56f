import type { Case, Coverage } from '../case.ts';
import { aUser, created, E, filtered, found, get, ok, patch, post, put, raw, USER, user } from '../shorthand.ts';

/** Two spellings of one name. */
const SAME: readonly (readonly [readonly string[], string, string])[] = [
  [['I18-01'], 'ｂｊｅｎｓｅｎ', 'bjensen'],
  [['I18-01'], 'ＢＪＥＮＳＥＮ＠ｅｘａｍｐｌｅ.com', 'bjensen@example.com'],
  [['I18-01'], 'ﾊﾝﾅ', 'ハンナ'],
  [['I18-02'], 'caf\u00e9', 'cafe\u0301'],
  [['I18-02'], '\uac00\uac01', '\u1100\u1161\u1100\u1161\u11a8'],
  [['I18-02'], '\u212bsa', '\u00e5sa'],
  [['I18-02'], 's\u0307\u0323', 's\u0323\u0307'],
  [['I18-04'], 'straße', 'STRASSE'],
  [['I18-04'], 'ΟΔΟΣ', 'οδος'],
  [['I18-04'], 'οδοσ', 'οδος'],
  [['I18-04'], 'ЖАННА', 'жанна'],
  [['I18-04'], 'ÉMILE', 'émile'],
  [['I18-04'], 'ﬁsh', 'FISH'],
  [['I18-04'], 'ǅep', 'ǆep'],
  [['I18-04'], '𐐀𐐁', '𐐨𐐩'],
];

/** What only looks alike. */
const DIFFERENT: readonly (readonly [string, string])[] = [
  ['paypal', 'pаypal'],
  ['resume', 'résumé'],
  ['İnci', 'inci'],
  ['bob', 'bob\u200b'],
  ['co-op', 'co\u2010op'],
];

const TEXTS: readonly string[] = [
  '👩‍💻👨‍👩‍👧‍👦🏳️‍🌈',
  'שלום עולם',
  'مرحبا \u200fabc\u200e',
  'cafe\u0301 and caf\u00e9',
  '渡辺 渡邊 渡邉󠄀',
  'a\u200db\u200cc\u00ad',
  '\u00a0\u2003\u3000',
  'ﬀ ﬁ ﬂ Ⅷ ½ ①',
  'ẞ ß İ ı ſ ς Σ',
  '𝒳 𐐷 🀄 \u{10ffff}',
  'line\nline\r\nline\ttab',
  '\ufeffwith a BOM inside',
];

const LONG = '😀'.repeat(65_536);

export const coverage: Coverage = {
  cases: [
    ...SAME.map(
      ([ids, one, other]): Case => ({
        ids,
        title: `${one} and ${other} are one userName`,
        given: [{ ...aUser(one), as: 'one' }, aUser('eve')],
        request: post('/Users', user(other)),
        expect: E(409, 'uniqueness', /userName/),
        afterwards: [
          { request: put('/Users/{{eve.id}}', user(other)), expect: E(409, 'uniqueness', /userName/) },
          {
            request: patch('/Users/{{eve.id}}', { op: 'replace', path: 'userName', value: other }),
            expect: E(409, 'uniqueness', /userName/),
          },
          { request: filtered('/Users', `userName eq "${other}"`), expect: found(one) },
          { request: put('/Users/{{one.id}}', user(other)), expect: ok({ userName: other }) },
        ],
      }),
    ),
    ...DIFFERENT.map(
      ([one, other]): Case => ({
        ids: ['I18-01', 'I18-04'],
        title: `${one} and ${JSON.stringify(other)} are two userNames`,
        given: [aUser(one)],
        request: post('/Users', user(other)),
        expect: created({ userName: other }),
        afterwards: [
          { request: filtered('/Users', `userName eq "${one}"`), expect: found(one) },
          { request: filtered('/Users', `userName eq "${other}"`), expect: found(other) },
        ],
      }),
    ),
    ...['\u0007', '\u001b', '\u007f', '\u0085', '\t'].map(
      (control): Case => ({
        ids: ['I18-03'],
        title: `a userName has no control character: ${JSON.stringify(control)}`,
        request: post('/Users', user(`bo${control}b`)),
        expect: E(400, 'invalidValue', /userName.*U\+/),
      }),
    ),
    ...['bob@example.com', 'DOMAIN\\bob', 'bob smith', 'bob+tag@example.com', 'o’neill', 'bob#1!', '王小明', '😀'].map(
      (userName): Case => ({
        ids: ['I18-03'],
        title: `a userName may be ${userName}`,
        request: post('/Users', user(userName)),
        expect: created({ userName }),
        afterwards: [
          { request: filtered('/Users', `userName eq ${JSON.stringify(userName)}`), expect: found(userName) },
        ],
      }),
    ),
    {
      ids: ['I18-04'],
      title: 'text compares by case as Unicode has it, in filters too',
      given: [aUser('bob', { title: 'Größe ΣΟΦΟΣ İstanbul' }), aUser('eve', { title: 'other' })],
      request: filtered('/Users', 'title eq "GRÖSSE σοφος i̇STANBUL"'),
      expect: found('bob'),
      afterwards: [
        { request: filtered('/Users', 'title sw "grö"'), expect: found('bob') },
        { request: filtered('/Users', 'title co "ΣοφοΣ"'), expect: found('bob') },
        { request: filtered('/Users', 'title ew "ISTANBUL"'), expect: found() },
      ],
    },
    ...TEXTS.map(
      (text): Case => ({
        ids: ['I18-05'],
        title: `${JSON.stringify(text)} comes back as it was sent, and is found`,
        request: post('/Users', user('bob', { displayName: text, name: { formatted: text } })),
        expect: created({ displayName: text, name: { formatted: text } }),
        as: 'bob',
        afterwards: [
          { request: get('/Users/{{bob.id}}'), expect: ok({ displayName: text, name: { formatted: text } }) },
          {
            request: patch('/Users/{{bob.id}}', { op: 'replace', path: 'nickName', value: text }),
            expect: ok({ nickName: text }),
          },
          { request: filtered('/Users', `displayName eq ${JSON.stringify(text)}`), expect: found('bob') },
        ],
      }),
    ),
    {
      ids: ['I18-05'],
      title: 'escapes in JSON are the characters they stand for',
      request: raw(
        'POST',
        '/Users',
        `{"schemas":["${USER}"],"userName":"b\\u006fb","title":"\\ud83d\\ude00\\u00e9\\/"}`,
      ),
      expect: created({ userName: 'bob', title: '😀é/' }),
    },
    ...['"a\\u0000b"', '"\\u0000"'].map(
      (text): Case => ({
        ids: ['I18-06'],
        title: `U+0000 is refused, in a value and in a name: ${text}`,
        given: [aUser('bob')],
        request: raw('POST', '/Users', `{"schemas":["${USER}"],"userName":"eve","title":${text}}`),
        expect: E(400, 'invalidValue', /U\+0000|NUL/),
        afterwards: [
          {
            request: raw('POST', '/Users', `{"schemas":["${USER}"],"userName":"eve",${text}:1}`),
            expect: E(400, 'invalidValue', /U\+0000|NUL/),
          },
          {
            request: put('/Users/{{bob.id}}', user('bob', { title: JSON.parse(text) })),
            expect: E(400, 'invalidValue', /U\+0000|NUL/),
          },
        ],
      }),
    ),
    {
      ids: ['I18-07'],
      title: '65,536 emoji are a value, and one more is none',
      request: post('/Users', user('bob', { title: LONG })),
      expect: created({ title: LONG }),
      afterwards: [
        { request: post('/Users', user('eve', { title: `${LONG}😀` })), expect: E(400, 'invalidValue', /title/) },
      ],
    },
  ],
  elsewhere: {
    'I18-01': {
      file: 'tests/threats/unicode.test.ts',
      test: 'T-UNI-01 userNames that are one name, and those that are not',
    },
    'I18-04': { file: 'tests/unit/scim/fold.test.ts', test: 'a key is its own key, for every code point' },
    'I18-08': { file: 'tests/fuzz/queries.test.ts', test: 'SQL finds, sorts and pages what memory does' },
    'I18-05': { file: 'tests/threats/unicode.test.ts', test: 'is stored and given back to the letter, and found' },
  },
  decided: {
    'I18-03':
      'A userName is any text that is not blank and has no control character; it compares by width map, full case folding and NFC, so addresses, DOMAIN\\user, spaces and symbols are possible.',
    'I18-07': 'Lengths are counted in code points: a text has at most 65,536 of them, however many bytes they are.',
    'I18-08': 'One JavaScript function makes the key that both databases store and compare by code point.',
  },
};
