import pg from 'pg';
import { isBroken } from './postgres-error.ts';

/** Whose session said it, where, and in which database. */
export interface Asked {
  readonly role: string;
  readonly host: string;
  readonly port: number;
  readonly database: string;
}

/** What PostgreSQL, or the way to it, said, as a sentence for the operator. It repeats no password. */
export function preparationRefused(error: unknown, asked: Asked): Error {
  const said = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return new Error(sentence(code, said, asked) ?? `PostgreSQL refused: ${said}.`, { cause: error });
}

function sentence(code: string, said: string, asked: Asked): string | undefined {
  const { role, database } = asked;
  const where = asked.host.startsWith('/') ? asked.host : `${asked.host}:${asked.port}`;
  switch (code) {
    case '3D000':
      return `There is no database "${database}". Make it first: ${creation(asked)}`;
    case '28P01':
    case '28000':
      return `PostgreSQL at ${where} did not let the role "${role}" in: ${said}.`;
    case '42501':
      return `The role "${role}" may not do what is needed: ${said}. Run this as the role that made the two roles, or as a superuser.`;
  }
  if (/password must be a (?:non-empty )?string/.test(said)) {
    return `PostgreSQL at ${where} asks for the password of "${role}": put it into the URL, or into PGPASSWORD.`;
  }
  if (/CERT|SELF_SIGNED|UNABLE_TO_(?:GET_ISSUER|VERIFY)/.test(code)) {
    return `The certificate of PostgreSQL at ${where} could not be verified (${said}): add sslmode=verify-full&sslrootcert=FILE, with the file of the authority that signed it.`;
  }
  if (/does not support SSL/.test(said)) {
    return `PostgreSQL at ${where} does not speak TLS, and the URL asks for it: switch it on there, or leave sslmode out.`;
  }
  if (code === 'ENOENT' && !asked.host.startsWith('/')) return `A file that the URL names cannot be read: ${said}.`;
  if (isBroken(new Error(said)) || isSystem(code) || /timeout expired/.test(said)) {
    return `PostgreSQL cannot be reached at ${where} (${reasonOf(code, said)}).`;
  }
  return undefined;
}

function creation({ role, host, port, database }: Asked): string {
  const sql = `CREATE DATABASE ${pg.escapeIdentifier(database)} ENCODING UTF8 TEMPLATE template0`;
  const words = ['psql', '-h', host, '-p', String(port), '-U', role, '-d', 'postgres', '-c', sql];
  return words.map((word) => (/^[\w./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)).join(' ');
}

/** Of several addresses that were tried there is only a code. */
function reasonOf(code: string, said: string): string {
  return said === '' ? code : said;
}

function isSystem(code: string): boolean {
  return /^(?:ECONN|EPIPE|ENOENT|ETIMEDOUT|EHOST|ENET|EAI_|ENOTFOUND|EACCES)/.test(code);
}
