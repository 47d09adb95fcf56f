import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { CommandFailed } from './failure.ts';

/** By the ids of the tokens that it tells of: whether they are revoked. */
export type ListedTokens = ReadonlyMap<string, boolean>;

/**
 * What `token list --json` printed; `-` is standard input.
 *
 * @throws CommandFailed
 */
export async function readListed(file: string): Promise<ListedTokens> {
  const shown = file === '-' ? 'Standard input' : file;
  const listed = await read(file).catch((error: Error) => {
    throw new CommandFailed(`${shown} cannot be read: ${error.message}.`);
  });
  if (!Array.isArray(listed) || !listed.every(isListed)) {
    throw new CommandFailed(`${shown} is not what \`token list --json\` prints: expected a list of objects with "id".`);
  }
  return new Map(listed.map(({ id, revoked }) => [id, revoked !== undefined]));
}

async function read(file: string): Promise<unknown> {
  return JSON.parse(file === '-' ? await text(process.stdin) : await readFile(file, 'utf8'));
}

function isListed(one: unknown): one is { readonly id: string; readonly revoked?: string } {
  const { id, name, created, revoked } = (one ?? {}) as Record<string, unknown>;
  const isText = [id, name, created].every((value) => typeof value === 'string');
  return isText && (revoked === undefined || typeof revoked === 'string');
}
