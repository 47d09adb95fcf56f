import { describe, expect, test } from 'vitest';
import { literalsIn } from './literals.ts';
import { unbound } from './unbound.ts';

const TABLES = new Set(['resources', 'keys', 'memberships', 'totals', 'changes']);

describe('T-TEN-08 the rule about statements', () => {
  test.each([
    ['a list of a type', 'SELECT id FROM resources WHERE directory = ? AND type = ?'],
    ['an alias', 'SELECT r.id FROM resources r WHERE r.type = ?2 AND r.directory = ?1'],
    [
      'a join on the same directory',
      'SELECT 1 FROM memberships m JOIN resources r ON r.directory = m.directory AND r.id = m.member_id WHERE m.directory = ?',
    ],
    [
      'the other way round',
      'SELECT 1 FROM memberships m JOIN resources r ON m.directory = r.directory WHERE ? = r.directory',
    ],
    [
      'a subquery that leans on the row outside',
      'SELECT (SELECT count(*) FROM memberships m WHERE m.directory = r.directory) FROM resources r WHERE r.directory = ?',
    ],
    [
      'parentheses around the condition',
      'SELECT 1 FROM resources r WHERE (r.directory = ? AND (r.active = 0 OR r.type = ?))',
    ],
    [
      'a left join on the same directory',
      'SELECT 1 FROM resources r LEFT OUTER JOIN keys k ON k.directory = r.directory WHERE r.directory = ?',
    ],
    [
      'both parts of a union',
      'SELECT 1 FROM keys WHERE directory = ? UNION ALL SELECT 1 FROM changes WHERE directory = ?',
    ],
    ['an update', 'UPDATE totals SET total = total + 1 WHERE directory = ? AND type = ?'],
    ['an insert', 'INSERT INTO keys (type, directory) VALUES (?, ?), (?, ?)'],
    ['an insert from a select', 'INSERT INTO keys (directory, type) SELECT ?1, type FROM totals WHERE directory = ?1'],
    ['a table of no directory', 'SELECT * FROM organizations WHERE slug = ?'],
    [
      'what leans on a table that is joined whole, and held',
      'SELECT 1 FROM w d CROSS JOIN LATERAL (SELECT * FROM resources r WHERE r.directory = $1 AND r.id = d.id) r WHERE EXISTS (SELECT 1 FROM keys k WHERE k.directory = r.directory)',
    ],
    [
      'PostgreSQL’s placeholders',
      'SELECT 1 FROM resources r WHERE r.directory = $1 AND r.id = ANY($2::text[]) FOR UPDATE OF r',
    ],
    [
      'a write within a common table',
      'WITH gone AS (DELETE FROM memberships WHERE directory = $1 RETURNING 1) UPDATE resources SET version = $2 WHERE directory = $1',
    ],
    [
      'a lateral join that is held for itself',
      'SELECT 1 FROM unnest($2::text[]) v (id) CROSS JOIN LATERAL (SELECT 1 FROM resources t WHERE t.directory = $1 AND t.id = v.id) t',
    ],
    [
      'an insert under another name',
      'INSERT INTO totals AS t (directory, type) VALUES ($1, $2) ON CONFLICT (directory, type) DO UPDATE SET total = t.total + 1',
    ],
    ['what is distinct from something', 'SELECT 1 FROM keys WHERE value IS DISTINCT FROM $2 AND directory = $1'],
    [
      'an insert behind a common table',
      'WITH w AS (SELECT type FROM totals WHERE directory = $1) INSERT INTO keys (directory, type) SELECT $1, type FROM w',
    ],
  ])('takes %s', (_, sql) => {
    expect(unbound(sql, TABLES)).toEqual([]);
  });

  test.each([
    ['nothing said', 'SELECT id FROM resources WHERE id = ?'],
    [
      'a joined table that is not held',
      'SELECT 1 FROM memberships m JOIN resources r ON r.id = m.member_id WHERE m.directory = ?',
    ],
    [
      'a first table that is not held',
      'SELECT 1 FROM resources r JOIN memberships m ON m.directory = ? AND r.id = m.member_id',
    ],
    [
      'two that are held to each other only',
      'SELECT 1 FROM memberships m JOIN resources r ON r.directory = m.directory WHERE m.group_id = ?',
    ],
    ['a table after a comma', 'SELECT 1 FROM memberships m, resources r WHERE m.directory = ? AND r.id = m.member_id'],
    [
      'a subquery for all',
      'SELECT 1 FROM resources r WHERE r.directory = ? AND r.id IN (SELECT member_id FROM memberships)',
    ],
    ['a subquery in the columns', 'SELECT (SELECT max(seq) FROM changes) FROM resources r WHERE r.directory = ?'],
    ['a subquery in FROM', 'SELECT 1 FROM (SELECT id FROM resources) WHERE ? = 1'],
    ['a common table', 'WITH w AS (SELECT id FROM resources) SELECT 1 FROM w'],
    [
      'an alias of the inner query that hides the outer',
      'SELECT 1 FROM resources r WHERE r.directory = ? AND EXISTS (SELECT 1 FROM keys r WHERE r.directory = r.directory)',
    ],
    ['an OR beside it', 'SELECT 1 FROM resources WHERE directory = ? OR active = 0'],
    ['an OR behind an AND', 'SELECT 1 FROM resources WHERE directory = ? AND type = ? OR active = 0'],
    ['within NOT', 'SELECT 1 FROM resources WHERE NOT (directory = ?)'],
    ['within CASE', 'SELECT 1 FROM resources WHERE CASE WHEN 1 AND directory = ? AND 1 THEN 1 ELSE 1 END'],
    ['an operator that is not equality', 'SELECT 1 FROM resources WHERE directory >= ?'],
    ['a constant', "SELECT 1 FROM resources WHERE directory = 'x'"],
    ['itself', 'SELECT 1 FROM resources r WHERE r.directory = r.directory'],
    ['the directory in the columns only', 'SELECT directory = ? FROM resources'],
    ['an unqualified column of two tables', 'SELECT 1 FROM resources r JOIN keys k WHERE directory = ?'],
    ['the second part of a union', 'SELECT 1 FROM keys WHERE directory = ? UNION SELECT 1 FROM changes'],
    [
      'a left join that says it of the left table only where that is not asked',
      'SELECT 1 FROM resources r LEFT JOIN keys k ON k.directory = ? AND r.directory = ?',
    ],
    [
      'a left join that is not held',
      'SELECT 1 FROM resources r LEFT JOIN keys k ON k.subject = r.id WHERE r.directory = ?',
    ],
    [
      'a left join of something else that says it of a table before',
      'SELECT 1 FROM resources r LEFT JOIN json_each(r.text) e ON r.directory = ?',
    ],
    ['a full join', 'SELECT 1 FROM resources r FULL JOIN keys k ON k.directory = ? WHERE r.directory = ?'],
    ['a quoted name', 'SELECT 1 FROM "resources" WHERE id = ?'],
    ['a name with its schema', 'SELECT 1 FROM main.resources WHERE directory = ?'],
    [
      'what leans on a table that is joined whole, and not held',
      'SELECT 1 FROM w d CROSS JOIN LATERAL (SELECT * FROM resources r WHERE r.id = $1) r WHERE EXISTS (SELECT 1 FROM keys k WHERE k.directory = r.directory)',
    ],
    [
      'what leans on something else under that name',
      "SELECT 1 FROM w d CROSS JOIN LATERAL (SELECT 'x' AS directory FROM resources r WHERE r.directory = $1) r WHERE EXISTS (SELECT 1 FROM keys k WHERE k.directory = r.directory)",
    ],
    ['a deletion', 'DELETE FROM memberships WHERE group_id = ?'],
    [
      'a deletion within a common table',
      'WITH gone AS (DELETE FROM memberships WHERE group_id = $2) UPDATE resources SET version = $2 WHERE directory = $1',
    ],
    [
      'an insert within a common table',
      'WITH added AS (INSERT INTO keys (directory, type) SELECT v.id, v.id FROM unnest($2::text[]) v (id)) SELECT 1 WHERE $1 = $1',
    ],
    [
      'a lateral join that is not held',
      'SELECT 1 FROM unnest($1::text[]) v (id) JOIN LATERAL (SELECT 1 FROM keys) k ON true',
    ],
    [
      'an insert behind a common table that reads all',
      'WITH w AS (SELECT type FROM totals) INSERT INTO keys (directory, type) SELECT $1, type FROM w',
    ],
    ['an update', 'UPDATE resources SET active = 0 WHERE id = ?'],
    ['an update that moves rows', 'UPDATE resources SET directory = ? WHERE directory = ?'],
    ['an insert without the column', 'INSERT INTO keys (type, value) VALUES (?, ?)'],
    ['an insert without columns', 'INSERT INTO keys VALUES (?, ?, ?, ?, ?)'],
    ['an insert of a constant', "INSERT INTO keys (directory, type) VALUES (?, ?), ('x', ?)"],
    [
      'an insert from all directories',
      'INSERT INTO keys (directory, type) SELECT directory, type FROM totals WHERE directory = ?',
    ],
    ['an insert that reads all', 'INSERT INTO keys (directory, type) SELECT ?, type FROM totals'],
    ['text that is put in where the condition was', 'SELECT 1 FROM resources WHERE $inserted'],
    ['text that is put in behind the value', 'SELECT 1 FROM resources WHERE directory = ? $inserted'],
  ])('refuses %s', (_, sql) => {
    expect(unbound(sql, TABLES)).not.toEqual([]);
  });

  test('refuses another value than the directory’s', () => {
    const sql = 'SELECT 1 FROM resources WHERE directory = ?3';
    expect(unbound(sql, TABLES, (placeholder) => placeholder === '?1')).not.toEqual([]);
  });

  test('finds the texts of a source', () => {
    const put = (code: string) => `\${${code}}`;
    const source = [
      "const a = 'one'; // 'no'",
      `/* \`no\` */ const b = \`two ${put('c + "three"')} ${put(`\`four ${put('d')}\``)}\`;`,
      `const p = /["'\`]/.test("five") ? x / 2 : 's\\'x';`,
    ].join('\n');
    expect(literalsIn(source).sort()).toEqual(
      [
        'one',
        'three',
        `four ${put('d')}`,
        `two ${put('c + "three"')} ${put(`\`four ${put('d')}\``)}`,
        'five',
        "s\\'x",
      ].sort(),
    );
  });
});
