import type { Connection } from '../../../src/store/sqlite/connection.ts';

/** A connection on which every statement is another one. */
export function faulty(connection: Connection, planted: (sql: string) => string): Connection {
  const { database } = connection;
  // LIKE: wildcards, and a case that only ASCII has.
  database.function('like_at', (text, part) => (typeof text === 'string' && likeness(String(part)).test(text) ? 1 : 0));
  database.function('utf16', (value) =>
    typeof value === 'string' ? Buffer.from(value, 'utf16le').swap16().toString('hex') : value,
  );
  database.function('substr_utf16', { varargs: true }, (text, from, length) => {
    if (typeof text !== 'string') return null;
    const start = Number(from);
    return start < 0 ? text.slice(start) : text.slice(0, Number(length));
  });
  return { ...connection, statement: (sql) => connection.statement(planted(sql)) };
}

function likeness(part: string): RegExp {
  const pattern = part
    .replaceAll(/[$()*+.?[\\\]^{|}]/g, '\\$&')
    .replaceAll('%', '.*')
    .replaceAll('_', '.');
  return new RegExp(pattern, 'isu');
}

/** Mistakes that SQL invites, as what they make of a statement. Each must be found. */
export const FAULTS: Readonly<Record<string, (sql: string) => string>> = {
  'LIKE in place of instr': (sql) => sql.replaceAll('instr(', 'like_at('),
  'what is missing is not unequal': (sql) => sql.replaceAll(/ IS NOT (\?\d+)/g, ' <> $1'),
  'a comparison with what is missing is NULL, and so is its opposite': (sql) =>
    sql.replaceAll(/coalesce\((json_extract\([\w.]+, \?\d+\) [<>]=? \?\d+), 0\)/g, '($1)'),
  'and is or': (sql) => sql.replaceAll(/deadline\(\) AND \((.*?) AND /g, 'deadline() AND ($1 OR '),
  'characters are UTF-16 units': (sql) => sql.replaceAll('coalesce(substr(', 'coalesce(substr_utf16('),
  'primary is unknown where it is not said': (sql) =>
    sql.replaceAll(/coalesce\((json_extract\([\w.]+, \?\d+\)), 0\)(?! >)/g, '$1'),
  'the first value counts, not the primary one': (sql) => sql.replaceAll(' IS 1 DESC, ', ' IS 2 DESC, '),
  'what is missing comes first': (sql) => sql.replaceAll('NULLS LAST', 'NULLS FIRST'),
  'what is missing comes last in descending order too': (sql) => sql.replaceAll('NULLS FIRST', 'NULLS LAST'),
  'text sorts by UTF-16': (sql) =>
    sql.replaceAll(/ORDER BY (r\.\w+_key|json_extract\([\w.]+, \?\d+\))/g, 'ORDER BY utf16($1)'),
  'of what is equal the newest comes first': (sql) => sql.replace(/, (r\.seq|r\.number)( LIMIT .*)?$/, ', $1 DESC$2'),
  'a page begins with the last one of the page before': (sql) =>
    sql.replaceAll(/(r\.seq|r\.number) > (\?\d*)/g, '$1 >= $2'),
  'a walk ends where values are missing': (sql) => sql.replaceAll(' IS NULL)', ' IS NULL AND 0)'),
};
