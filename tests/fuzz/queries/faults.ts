import type { DatabaseName } from '../../harness/index.ts';

type Faults = Readonly<Record<string, (sql: string) => string>>;

/** Mistakes that SQL invites, as what they make of a statement. Each must be found. */
const OF_SQLITE: Faults = {
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

const OF_POSTGRES: Faults = {
  'LIKE in place of strpos': (sql) =>
    sql.replaceAll(/strpos\((\(.*?\) COLLATE "C"), (\$\d+::text)\) > 0/g, "$1 ILIKE '%' || $2 || '%'"),
  'what is missing is not unequal': (sql) => sql.replaceAll(/(<> \$\d+::\w+), TRUE\)/g, '$1, FALSE)'),
  'a comparison with what is missing is NULL, and so is its opposite': (sql) =>
    sql.replaceAll(/coalesce\((\(CASE (?:(?!coalesce).)*? END\) COLLATE "C" [<>]=? \$\d+::text), FALSE\)/g, '($1)'),
  'text is compared as the database has it': (sql) => sql.replaceAll(/ COLLATE "C" ([<>])/g, ' COLLATE "und-x-icu" $1'),
  'one character too many is compared': (sql) =>
    sql.replaceAll(/right\((CASE .*? END), (\$\d+)::int\) =/g, 'right($1, $2::int + 1) ='),
  'primary is unknown where it is not said': (sql) =>
    sql.replaceAll(/coalesce\((CASE (?:(?!CASE|coalesce).)*?::boolean END), FALSE\)/g, '$1'),
  'the first value counts, not the primary one': (sql) => sql.replaceAll(' IS TRUE DESC, ', ' IS NULL DESC, '),
  'what is missing comes first': (sql) => sql.replaceAll('NULLS LAST', 'NULLS FIRST'),
  'what is missing comes last in descending order too': (sql) => sql.replaceAll('NULLS FIRST', 'NULLS LAST'),
  'text sorts as the database has it': (sql) =>
    sql.replaceAll('ORDER BY key COLLATE "C"', 'ORDER BY key COLLATE "und-x-icu"'),
  'of what is equal the newest comes first': (sql) => sql.replaceAll(', selection, seq\n', ', selection, seq DESC\n'),
  'a page begins with the last one of the page before': (sql) =>
    sql.replaceAll(/r\.seq > (\$\d+)::bigint/g, 'r.seq >= $1::bigint'),
  'a walk ends where values are missing': (sql) => sql.replaceAll(' IS NULL)', ' IS NULL AND FALSE)'),
};

export const FAULTS: Readonly<Record<DatabaseName, Faults>> = { sqlite: OF_SQLITE, postgres: OF_POSTGRES };
