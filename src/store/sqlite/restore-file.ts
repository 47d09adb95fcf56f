import { chownSync, existsSync, linkSync, realpathSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Restored, RestoredTokens } from '../backup.ts';
import { checkDatabase, copyInto, syncToDisk } from './back-up-file.ts';
import { claimServing } from './claim.ts';
import { makeDatabaseFile } from './file.ts';
import { ranIn } from './migrate.ts';
import { isBusy } from './sqlite-error.ts';

/**
 * The backup is copied and made ready beside the database, and takes its place in one step: a crash leaves the one or the
 * other. The database that was is kept under another name, with all that was committed to it.
 */
export function restoreFile(named: string, source: string, tokens: RestoredTokens): Restored {
  if (!existsSync(source)) throw new Error(`There is no backup ${source}.`);
  // By whatever links it was found.
  const file = existsSync(named) ? realpathSync(named) : named;
  if (isSame(source, file)) throw new Error(`${source} is the database itself. Give the file of a backup.`);
  checkDatabase(source, source);
  const letGo = existsSync(file) ? claimServing(file) : () => undefined;
  const ready = `${file}.restoring`;
  try {
    const replaced = takeAlone(file);
    try {
      if (replaced?.database === undefined && tokens === 'carry') throw nobodyKnows(replaced);
      const told = makeReady(ready, source, { tokens, replaced: replaced?.database });
      giveToOwnerOf(file, ready);
      const aside = setAside(file, replaced?.database !== undefined);
      renameSync(ready, file);
      syncToDisk(dirname(file));
      return { aside, ...told };
    } finally {
      if (replaced?.database?.isOpen) replaced.database.close();
      removeReady(ready);
    }
  } finally {
    letGo();
  }
}

function isSame(one: string, other: string): boolean {
  const [first, second] = [statSync(one), statSync(other, { throwIfNoEntry: false })];
  return first.dev === second?.dev && first.ino === second.ino;
}

interface Replaced {
  /** Locked against everyone else, and all in one file; undefined when it cannot be read any more. */
  readonly database: DatabaseSync | undefined;
  readonly reason: string;
}

/** @throws Error with a sentence, when somebody else has it open */
function takeAlone(file: string): Replaced | undefined {
  if (!existsSync(file)) return undefined;
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file, { timeout: 1_000 });
    database.exec('PRAGMA locking_mode = EXCLUSIVE');
    // Nothing of it may stay in a log, which the next database of its name would take for its own.
    database.exec('PRAGMA journal_mode = DELETE');
    database.exec('BEGIN EXCLUSIVE');
    database.prepare('SELECT count(*) FROM credentials').get();
    return { database, reason: '' };
  } catch (error) {
    database?.close();
    if (isBusy(error)) throw new Error(`A joinery command is at work on ${file}. Restore when it has ended.`);
    return { database: undefined, reason: error instanceof Error ? error.message : String(error) };
  }
}

function nobodyKnows(replaced: Replaced | undefined): Error {
  return untold(
    replaced === undefined ? 'there is no database to ask' : `the database cannot be asked: ${replaced.reason}`,
  );
}

/** Nobody can be asked which tokens were revoked since the backup. */
function untold(why: string): Error {
  return new Error(
    `Tokens that were revoked after the backup would let their holders in again, and ${why}. Say --tokens revoke to let none in that is in the backup, or --tokens keep when none was revoked since.`,
  );
}

interface Asked {
  readonly tokens: RestoredTokens;
  readonly replaced: DatabaseSync | undefined;
}

const LIVE = 'SELECT id FROM credentials WHERE revoked IS NULL AND (expires IS NULL OR expires > ?)';

function makeReady(ready: string, source: string, asked: Asked): Omit<Restored, 'aside'> {
  removeReady(ready);
  // For this user alone; also the folders to it, on a machine that never had a database.
  makeDatabaseFile(ready);
  // Also what stands in its log: it may be the snapshot of a disk.
  copyInto(source, ready);
  const database = new DatabaseSync(ready);
  const now = new Date().toISOString();
  try {
    ranIn(database);
    database.exec('BEGIN IMMEDIATE');
    const revoked = endRevoked(database, asked, now);
    database.exec('COMMIT');
    return { revoked, live: database.prepare(LIVE).all(now).length };
  } finally {
    database.close();
    syncToDisk(ready);
  }
}

const REVOKE_ONE = 'UPDATE credentials SET revoked = ? WHERE id = ? AND revoked IS NULL';
const REVOKE_ALL = 'UPDATE credentials SET revoked = ? WHERE revoked IS NULL';

/** Returns how many. @throws Error with a sentence, when the database that is replaced never knew one that is let in */
function endRevoked(database: DatabaseSync, { tokens, replaced }: Asked, now: string): number {
  if (tokens === 'revoke') return Number(database.prepare(REVOKE_ALL).run(now).changes);
  if (replaced === undefined) return 0;
  const listed = replaced.prepare('SELECT id, revoked FROM credentials').all() as unknown as readonly Listed[];
  const known = new Set(listed.map(({ id }) => id));
  const unknown = database
    .prepare(LIVE)
    .all(now)
    .filter(({ id }) => !known.has(String(id))).length;
  // No token's row is ever deleted: it began anew, or is older than the backup.
  if (unknown > 0 && tokens === 'carry') {
    throw untold(`the database that is there does not know ${unknown} of those that the backup lets in`);
  }
  const revoke = database.prepare(REVOKE_ONE);
  let count = 0;
  for (const { id, revoked } of listed) if (revoked !== null) count += Number(revoke.run(revoked, id).changes);
  return count;
}

interface Listed {
  readonly id: string;
  readonly revoked: string | null;
}

function removeReady(ready: string): void {
  for (const end of ['', '-journal']) rmSync(`${ready}${end}`, { force: true });
}

/** Root restores for the user by whom the server runs. */
function giveToOwnerOf(file: string, ready: string): void {
  const was = statSync(file, { throwIfNoEntry: false });
  if (was !== undefined && process.getuid?.() === 0) chownSync(ready, was.uid, was.gid);
}

/** Under a name of its own, beside; undefined when there is none. */
function setAside(file: string, isRead: boolean): string | undefined {
  const aside = `${file}.before-${new Date().toISOString().replaceAll(/[-:.]/g, '')}`;
  const isThere = existsSync(file);
  if (isThere) linkSync(file, aside);
  // One that is broken, or gone, may have a log left: kept with it, and out of the way of the database to come.
  for (const log of isRead ? [] : ['-wal', '-journal']) {
    if (existsSync(`${file}${log}`)) renameSync(`${file}${log}`, `${aside}${log}`);
  }
  rmSync(`${file}-shm`, { force: true });
  return isThere ? aside : undefined;
}
