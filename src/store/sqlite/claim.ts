import { realpathSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { makeFile } from './file.ts';
import { isBusy } from './sqlite-error.ts';

/**
 * Claims the database for the one process that serves it. The claim is a lock that the operating system holds on a small
 * file beside the database, so it ends with the process however that ends; commands may still write meanwhile.
 *
 * @throws Error with a sentence for the operator, when another server has it
 */
export function claimServing(file: string): () => void {
  // By whatever links it was found, it is one database.
  const beside = `${realpathSync(file)}-serving`;
  makeFile(beside);
  const claim = new DatabaseSync(beside, { timeout: 0 });
  try {
    claim.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    claim.close();
    if (!isBusy(error)) throw error;
    throw new Error(
      `Another joinery server is running on ${file}. Stop it first, or give this one another DATABASE_URL.`,
      { cause: error },
    );
  }
  return () => claim.close();
}
