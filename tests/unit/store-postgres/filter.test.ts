import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { attributesOf, type Filter, matches, type Target, USER } from '../../../src/scim/index.ts';
import { createBindings } from '../../../src/store/postgres/bindings.ts';
import { sendable } from '../../../src/store/postgres/sendable.ts';
import { resourceScope } from '../../../src/store/postgres/where-scope.ts';
import { where } from '../../../src/store/where.ts';
import { DEVICE } from '../store/device.ts';
import { filterOf, TEXTS } from '../store/filters.ts';
import { CONTEXT } from '../store/fixture.ts';
import { type OpenTables, openTables } from './tables.ts';

let tables: OpenTables;
beforeAll(async () => {
  tables = await openTables();
});
afterAll(() => tables.end());

/** That SQL finds what memory does is in `tests/fuzz`; here is what a request cannot bring about, or only PostgreSQL minds. */
async function idsOf(directory: string, filter: Filter<Target>, type = DEVICE): Promise<string[]> {
  const bindings = createBindings(directory, type.name);
  const condition = where(filter, resourceScope({ type, base: CONTEXT.base, bindings }));
  const sql = `SELECT r.id FROM resources r WHERE r.directory = $1 AND r.type = $2 AND ${condition} ORDER BY r.id`;
  const rows = await tables.read(directory, ({ session }) => session.once(sql, bindings.values));
  return rows.map(([id]) => String(id));
}

const title = attributesOf(USER).find(({ name }) => name === 'title');

test('U+0000, which PostgreSQL does not take, is asked for in words that say the same', () => {
  const text = fc.array(fc.constantFrom('a', 'b', '\u0001', '😀'), { maxLength: 3 }).map((all) => all.join(''));
  const operator = fc.constantFrom('eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le');
  fc.assert(
    fc.property(fc.tuple(text, text), operator, fc.option(text, { nil: undefined }), (parts, operator, stored) => {
      if (title === undefined) throw new Error('no title');
      const key = parts.join('\0');
      const path = { attribute: title };
      for (const asked of [
        { kind: 'compare', path, operator, value: key, key } as const,
        { kind: 'not', term: { kind: 'and', terms: [{ kind: 'compare', path, operator, value: key, key }] } } as const,
      ]) {
        const sent = sendable(asked);
        expect(JSON.stringify(sent)).not.toContain('\\u0000');
        const resource = stored === undefined ? {} : { title: stored };
        expect(matches(sent, resource)).toBe(matches(asked, resource));
      }
    }),
    { numRuns: 2_000 },
  );
});

test('what is stored as another type than is declared now has no key, and raises nothing', async () => {
  const values = [
    'text',
    '',
    '5',
    5,
    1.5,
    true,
    false,
    null,
    [],
    ['text', 5, [true], { value: 'x' }],
    {},
    { value: [5] },
  ];
  const names = attributesOf(DEVICE).map(({ name }) => name);
  const shapes = values.map((value) => Object.fromEntries(names.map((name) => [name, value])));
  const extended = shapes.map((shape) => ({
    'urn:example:schemas:Extra:2.0:Device': shape,
    complexMany: [shape],
    ...shape,
  }));
  const all = [...shapes, ...extended, { complexMany: shapes, complexOne: shapes[0] ?? {} }, 'text', 5, null, []];
  await tables.write(
    `INSERT INTO resources (directory, type, id, version, created, modified, active, member_count, name_key, twin, label, text, shape)
      SELECT 'odd', 'Device', place, 1, '', '', true, 0, place, '', '', '{}', value
      FROM json_array_elements_text($1) WITH ORDINALITY all_of (text, place), LATERAL (SELECT text::jsonb) v (value)`,
    JSON.stringify(all.map((shape) => JSON.stringify(shape))),
  );
  for (const filter of fc.sample(filterOf(DEVICE, ['x']), { numRuns: 400, seed: 1 })) {
    const found = await idsOf('odd', filter);
    // A condition is true or false, never NULL: what is not found is found by the opposite.
    const others = await idsOf('odd', { kind: 'not', term: filter });
    expect([...found, ...others].sort()).toEqual(all.map((_, index) => String(index + 1)).sort());
  }
});

test('T-FIL-03 values and names are parameters, whatever they hold', () => {
  const hostile = TEXTS.filter((text) => /['"$%\\_]/.test(text));
  for (const filter of fc.sample(filterOf(DEVICE, hostile), { numRuns: 500, seed: 1 })) {
    const bindings = createBindings('d');
    const sql = where(filter, resourceScope({ type: DEVICE, base: "https://'x", bindings }));
    expect(sql).not.toMatch(/One|Many|exact|urn:|example|'x|OR 1=1|\bLIKE\b|lower\(/);
    // Each is there once at least: PostgreSQL has to know its type.
    for (const [index] of bindings.values.entries())
      if (index > 0) expect(sql).toMatch(new RegExp(`\\$${index + 1}\\b`));
  }
});
