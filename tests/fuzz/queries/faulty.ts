import type { Session } from '../../../src/store/postgres/pool.ts';
import type { Connection } from '../../../src/store/sqlite/connection.ts';

/** A connection on which every statement is another one. */
export function faultyConnection(connection: Connection, planted: (sql: string) => string): Connection {
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

/** The same of PostgreSQL. */
export function faultySession(session: Session, planted: (sql: string) => string): Session {
  return {
    ...session,
    rows: (sql, ...values) => session.rows(planted(sql), ...values),
    once: (sql, values) => session.once(planted(sql), values),
  };
}
