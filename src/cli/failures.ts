import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Command, Option } from 'commander';
import type { App } from '../app.ts';
import { CommandFailed } from './failure.ts';
import { withInstance } from './instance.ts';
import { example, INVOCATION } from './invocation.ts';
import { type Place, withPlace } from './place.ts';
import { printable, shownTime } from './printable.ts';
import { readLimit } from './read-limit.ts';

/** `joinery failures list|show|export`: who could not be provisioned, why, and what to do about it. */
export function addFailures(program: Command): void {
  const failures = program
    .command('failures')
    .description('who could not be provisioned, why, and what to do; a row goes when a later call succeeds')
    .helpCommand(false);
  withPlace(failures.command('list'))
    .description('list them, those that failed last first')
    .option('--limit <number>', 'at most so many', readLimit, 50)
    .option('--json', 'print all of them as a JSON array')
    .addHelpText('after', example('failures list --organization acme'))
    .action(list);
  withPlace(failures.command('show'))
    .description('show those of one user, group or credential')
    .argument('<name>', 'a user name, display name, credential name, or id')
    .addHelpText('after', example('failures show --organization acme ann@example.com'))
    .action(show);
  withPlace(failures.command('export'))
    .description('write all of them as a file: CSV for spreadsheets, or JSON')
    .addOption(new Option('--format <format>', 'as what').choices(['csv', 'json']).default('csv'))
    .option('--output <file>', 'where to (default: standard output)')
    .addHelpText('after', example('failures export --organization acme --output failures.csv'))
    .action(exportAll);
}

type Listed = Extract<Awaited<ReturnType<App['failures']['list']>>, { kind: 'listed' }>['failures'];

function list({ limit, json, ...place }: Place & { limit: number; json?: boolean }): Promise<void> {
  return withInstance(async ({ app }) => {
    if (json) return write(await piecesOf(app, place, 'json'), undefined);
    const failures = await listed(app, place);
    if (failures.length === 0) {
      console.error('Nothing has failed that did not succeed since.');
      return;
    }
    console.log(failures.slice(0, limit).map(shown).join('\n\n'));
    if (failures.length > limit) {
      console.error(`\nThere are ${failures.length - limit} more. All of them: ${INVOCATION} failures export`);
    }
  });
}

function show(name: string, place: Place): Promise<void> {
  return withInstance(async ({ app }) => {
    const wanted = name.toLowerCase();
    const found = (await listed(app, place)).filter(
      (one) => one.name.toLowerCase() === wanted || one.subject === name || one.requestId === name,
    );
    if (found.length === 0) throw new CommandFailed(`nothing has failed of ${JSON.stringify(name)}.`);
    console.log(found.map(shown).join('\n\n'));
  });
}

async function exportAll({ format, output, ...place }: Place & { format: 'csv' | 'json'; output?: string }) {
  await withInstance(async ({ app }) => write(await piecesOf(app, place, format), output));
  if (output !== undefined) console.error(`The failures are in ${output}.`);
}

async function listed(app: App, { organization, application }: Place): Promise<Listed> {
  const found = await app.failures.list({ organization, application });
  if (found.kind === 'refused') throw new CommandFailed(found.detail);
  return found.failures;
}

async function piecesOf(
  app: App,
  { organization, application }: Place,
  format: 'csv' | 'json',
): Promise<AsyncIterable<string>> {
  const found = await app.failures.export({ organization, application }, format);
  if (found.kind === 'refused') throw new CommandFailed(found.detail);
  return found.pieces;
}

/** As fast as the reader takes it. */
async function write(pieces: AsyncIterable<string>, file: string | undefined): Promise<void> {
  try {
    if (file === undefined) await pipeline(Readable.from(pieces), process.stdout, { end: false });
    // What is in it is people's: for this user alone.
    else await pipeline(Readable.from(pieces), createWriteStream(file, { mode: 0o600 }));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    // Whoever read it has seen enough.
    if (code === 'EPIPE') return;
    if (file !== undefined && typeof code === 'string') throw new CommandFailed(`${file} cannot be written (${code}).`);
    throw error;
  }
}

/**
 *     User "ann@example.com": create refused (name-taken), 3 times since 2026-11-21 10:00:07Z, last at 2026-11-22 09:00:00Z
 *       A user with the userName "ann@example.com" already exists in this directory. …
 *       In Okta:   …
 *       In Entra:  …
 *       Call:      4f7d8e0a-2c1b-4a5d-9e3f-6b7c8d9e0f1a
 */
function shown({ type, name, operation, reason, times, since, last, message, ...rest }: Listed[number]): string {
  const often =
    times === 1 ? `at ${shownTime(last)}` : `${times} times since ${shownTime(since)}, last at ${shownTime(last)}`;
  return [
    `${type} "${name}": ${type === 'Connection' ? '' : `${operation} `}${WORDS[reason] ?? 'refused'} (${reason}), ${often}`,
    `  ${message}`,
    `  In Okta:   ${rest.doInOkta}`,
    `  In Entra:  ${rest.doInEntra}`,
    `  Call:      ${rest.requestId}`,
  ]
    .map(printable)
    .join('\n');
}

const WORDS: Readonly<Record<string, string>> = { aborted: 'broken off', unavailable: 'failed', error: 'failed' };
