import { lstatSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Where Node.js may keep compiled code between two starts: a folder of this user alone below the one for temporary files.
 * Node.js believes what it finds there, and its usual folder is whoever's made it first: they could have us run their code.
 * Undefined where the folder cannot be had, or is not ours alone.
 */
export function compileCacheIn(temporary: string, user = process.getuid?.()): string | undefined {
  // Where users have no numbers, each has temporary files of their own.
  const folder = join(temporary, `joinery-compiled-${user ?? 'own'}`);
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch {
    // Mostly it is there; otherwise it is not found below.
  }
  const found = lstatSync(folder, { throwIfNoEntry: false });
  if (found === undefined || !found.isDirectory()) return undefined;
  return user === undefined || (found.uid === user && (found.mode & 0o022) === 0) ? folder : undefined;
}
