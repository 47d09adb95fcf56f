import fc from 'fast-check';

/** Texts by the grammar of RFC 7644 figure 1, in every spelling it allows: names that are and are not, cases, spaces. */
export function filterTexts(): fc.Arbitrary<string> {
  return fc.letrec<Record<'filter' | 'term', string>>((tie) => ({
    filter: fc.oneof(
      { maxDepth: 5, withCrossShrink: true },
      tie('term'),
      fc.tuple(tie('filter'), blanks, keyword('and', 'or'), blanks, tie('term')).map((parts) => parts.join('')),
    ),
    term: fc.oneof(
      { maxDepth: 5, withCrossShrink: true },
      expression(NAMES),
      tie('filter').map((filter) => `(${filter})`),
      fc
        .tuple(keyword('not'), fc.constantFrom('', ' ', '  '), tie('filter'))
        .map(([not, gap, filter]) => `${not}${gap}(${filter})`),
      fc
        .tuple(fc.constantFrom('emails', 'members', 'Groups', 'addresses'), inner())
        .map(([name, filter]) => `${name}[${filter}]`),
    ),
  })).filter;
}

/** The same with some of their characters taken away, doubled, or others put in. */
export function mutated(texts: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const edit = fc.record({
    at: fc.nat(),
    length: fc.nat({ max: 9 }),
    insert: fc.oneof(
      fc.constantFrom(
        '',
        '(',
        ')',
        '[',
        ']',
        '"',
        '\\',
        ' ',
        'eq',
        'pr',
        ' and ',
        '.',
        ':',
        '\0',
        '😀',
        '\ud800',
        '\u0301',
        '%',
      ),
      fc.string({ unit: 'binary', maxLength: 5 }),
    ),
  });
  return fc.tuple(texts, fc.array(edit, { minLength: 1, maxLength: 5 })).map(([text, edits]) =>
    edits.reduce((now, { at, length, insert }) => {
      const place = at % (now.length + 1);
      return now.slice(0, place) + insert + now.slice(place + length);
    }, text),
  );
}

const URN = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const NAMES = [
  'userName',
  'USERNAME',
  'title',
  'name.familyName',
  'emails.value',
  'emails',
  'active',
  'id',
  'displayName',
]
  .concat([
    'externalId',
    'meta.created',
    'members.value',
    'groups',
    'nope',
    'x-y_z$9',
    'eq',
    'pr',
    'and',
    `${URN}:department`,
  ])
  .concat(['profileUrl', 'x509Certificates.value', 'schemas', `${URN.toUpperCase()}:manager.value`]);
const SUBS = ['value', 'TYPE', 'primary', 'display', '$ref', 'nope'];

const blanks = fc.constantFrom(' ', ' ', '  ', '\t', ' \t ');

function keyword(...words: readonly string[]): fc.Arbitrary<string> {
  return fc.constantFrom(
    ...words.flatMap((word) => [word, word.toUpperCase(), word.slice(0, 1).toUpperCase() + word.slice(1)]),
  );
}

function expression(names: readonly string[]): fc.Arbitrary<string> {
  const name = fc.constantFrom(...names);
  return fc.oneof(
    fc.tuple(name, blanks, keyword('pr')).map((parts) => parts.join('')),
    fc
      .tuple(name, blanks, keyword('eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'), blanks, operand())
      .map((parts) => parts.join('')),
  );
}

/** What stands in brackets. */
function inner(): fc.Arbitrary<string> {
  return fc
    .tuple(fc.array(expression(SUBS), { minLength: 1, maxLength: 3 }), keyword('and', 'or'), fc.boolean())
    .map(([terms, word, inverted]) => (inverted ? `not (${terms.join(` ${word} `)})` : terms.join(` ${word} `)));
}

function operand(): fc.Arbitrary<string> {
  const text = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 12 }),
    fc.constantFrom(
      '',
      'a',
      'İ',
      'ß',
      'e\u0301',
      '%_\\',
      '") or (id pr',
      "' OR 1=1 --",
      '2011-05-13T04:42:34+02:00',
      'YQ==',
    ),
  );
  return fc.oneof(
    text.filter((one) => one.isWellFormed() && !one.includes('\0')).map((one) => JSON.stringify(one)),
    fc.constantFrom('true', 'false', 'null', '0', '-1.5e3', '10', '"\\u00e9"', '"\\/"'),
  );
}
