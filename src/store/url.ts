import { resolve } from 'node:path';

/**
 * The file that a database URL names, relative to the working directory:
 *
 *     sqlite:./data/joinery.db → /srv/joinery/data/joinery.db
 *
 * @throws Error with a sentence for the operator, when the URL names no file
 */
export function fileOf(url: string): string {
  const [, path] = /^sqlite:(.*)$/s.exec(url) ?? [];
  if (path === undefined)
    throw new Error(`The database URL ${shown(url)} begins with neither sqlite: nor postgres: (${EXAMPLE}).`);
  if (path === '') throw new Error(`The database URL sqlite: names no file (${EXAMPLE}).`);
  // Reads and writes go through connections of their own, and a database in memory belongs to one connection.
  if (path.includes(':memory:')) throw new Error(`The database cannot be in memory: it must be a file (${EXAMPLE}).`);
  if (path.startsWith('//')) throw new Error(`After sqlite: a path is expected, without // (${EXAMPLE}).`);
  return resolve(path);
}

const EXAMPLE = 'expected, for example: sqlite:./data/joinery.db';

/** `postgres://…`, `postgresql://…` */
export function isPostgres(url: string): boolean {
  return /^postgres(?:ql)?:/i.test(url);
}

/** Other databases' URLs carry passwords: only the scheme is repeated. */
function shown(url: string): string {
  const scheme = /^[a-z][a-z0-9+]*:/i.exec(url)?.[0];
  return scheme === undefined ? 'given' : `${scheme}…`;
}
