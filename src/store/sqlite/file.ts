import { closeSync, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes the file, and the folders to it, where they are missing: for this user alone, as they hold people's data.
 *
 * @throws Error with a sentence for the operator, when it cannot be made
 */
export function makeDatabaseFile(file: string): void {
  try {
    makeFolder(dirname(file));
    makeFile(file);
  } catch (error) {
    throw new Error(
      `The database file ${file} cannot be made (${codeOf(error)}). Give DATABASE_URL a folder that this user may write to.`,
      { cause: error },
    );
  }
}

/**
 * Makes a file that is not there yet, and the folders to it: for this user alone.
 *
 * @throws the system's error
 */
export function makeNewFile(file: string): void {
  makeFolder(dirname(file));
  closeSync(openSync(file, 'wx', 0o600));
}

/** `mkdirSync` with `recursive` never comes back where nothing can be made, as below /proc. */
function makeFolder(folder: string): void {
  if (statSync(folder, { throwIfNoEntry: false }) !== undefined) return;
  if (dirname(folder) !== folder) makeFolder(dirname(folder));
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    // Another process that starts at the same time made it.
    if (codeOf(error) !== 'EEXIST') throw error;
  }
}

/** SQLite gives the files that it makes beside it the same permissions. */
export function makeFile(file: string): void {
  try {
    // Never opened when it is there: to close it would let go of the locks that SQLite has on it in this process.
    closeSync(openSync(file, 'wx', 0o600));
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  }
}

export function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : error;
}
