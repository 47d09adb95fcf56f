import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { BackedUp } from '../backup.ts';
import { codeOf, makeNewFile } from './file.ts';

/** What the server holds for a moment at a time is waited for. */
const BUSY_MS = 10_000;

/**
 * `VACUUM INTO`: one read of one moment, which no write waits for, and without the pages of what was deleted. It is looked
 * through and on the disk before it has its name, so that there is never half a backup under it.
 */
export function backUpFile(file: string, target: string): BackedUp {
  if (!existsSync(file)) throw new Error(`There is no database file ${file} to back up.`);
  if (existsSync(target)) throw new Error(`There is a file ${target} already. A backup is written to a new one.`);
  const part = `${target}.part`;
  makePart(part);
  try {
    copyInto(file, part);
    checkDatabase(part, file);
    syncToDisk(part);
    if (existsSync(target)) throw new Error(`There is a file ${target} already. A backup is written to a new one.`);
    renameSync(part, target);
    syncToDisk(dirname(target));
  } catch (error) {
    rmSync(part, { force: true });
    throw error;
  }
  return { file: target, bytes: statSync(target).size };
}

/** Never one that is there: whoever made it could read what comes, and it may be another backup's. */
function makePart(part: string): void {
  try {
    makeNewFile(part);
  } catch (error) {
    throw new Error(
      codeOf(error) === 'EEXIST'
        ? `There is a file ${part}: another backup writes it, or one was broken off. Delete it when no backup runs.`
        : `The backup cannot be written: ${part} cannot be made (${codeOf(error)}).`,
      { cause: error },
    );
  }
}

/** To a file that is empty. @throws Error with a sentence */
export function copyInto(file: string, part: string): void {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file, { readOnly: true, timeout: BUSY_MS });
    database.prepare('VACUUM INTO ?').run(part);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`The database ${file} cannot be copied to ${part}: ${reason}.`, { cause: error });
  } finally {
    database?.close();
  }
}

/** @throws Error with a sentence that tells of it as `named`, when it is not whole, or not a database of ours */
export function checkDatabase(file: string, named: string): void {
  let found: string;
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file, { readOnly: true });
    found = String(database.prepare('PRAGMA quick_check(1)').get()?.quick_check);
    database.prepare('SELECT count(*) FROM credentials JOIN directories JOIN kysely_migration LIMIT 0').all();
  } catch (error) {
    found = error instanceof Error ? error.message : String(error);
  } finally {
    database?.close();
  }
  if (found !== 'ok') throw new Error(`${named} is not a whole database of joinery: ${found}.`);
}

/** A file, or the folder that has its name. */
export function syncToDisk(path: string): void {
  const opened = openSync(path, 'r');
  try {
    fsyncSync(opened);
  } finally {
    closeSync(opened);
  }
}
