import { createReadStream, type Stats, statSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { CommandFailed, EXIT } from './failure.ts';
import { withInstance } from './instance.ts';
import { example, INVOCATION, quoted } from './invocation.ts';
import { withPlace } from './place.ts';
import { printable } from './printable.ts';
import type { Stop } from './stop.ts';
import { type Imported, importLines } from './users-import-report.ts';

/** `joinery users import`: the application's own people, from a file. */
export function addUsersImport(users: Command, stop: Stop): void {
  withPlace(users.command('import').description('bring the application’s own people in, from a CSV or JSON Lines file'))
    .argument('<file>', 'users.csv, users.jsonl; - for standard input')
    .addOption(new Option('--format <format>', 'of the file (default: by its name)').choices(['csv', 'jsonl']))
    .option('--dry-run', 'say what would happen, and change nothing')
    .option('--from-line <number>', 'go on from there: what stands before it is not looked at', readNumber)
    .option('--max-errors <number>', 'end after so many lines that cannot be taken (default: go on)', readNumber)
    .option('--json', 'print the report as JSON and nothing else; the lines that are not taken go to standard error')
    .addHelpText(
      'after',
      example('users import people.csv --organization acme --dry-run', 'users import people.csv --organization acme'),
    )
    .addHelpText('after', RULES)
    .action((file: string, options: Options) => importUsers(file, options, stop));
}

const RULES = `
The first line of a CSV names the columns as SCIM does: userName, active, name.givenName, name.familyName, emails.work,
roles, externalId. A line of JSON is a SCIM user. Users are known by userName or externalId: who is not there comes in,
who is there and is managed by no identity provider is updated by what the file says, and who is managed by one is left.
It works beside a running server. Run again after an interruption, it goes on with what is left.`;

interface Options {
  readonly organization: string;
  readonly application?: string;
  readonly format?: 'csv' | 'jsonl';
  readonly dryRun?: boolean;
  readonly fromLine?: number;
  readonly maxErrors?: number;
  readonly json?: boolean;
}

async function importUsers(path: string, options: Options, stop: Stop): Promise<void> {
  const { organization, application, dryRun = false, fromLine, maxErrors, json = false } = options;
  const file = openFile(path, { ...options, signal: stop.asked });
  await withInstance(async ({ app }) => {
    const progress = await createProgress(file.size, { dryRun, isDrawn: process.stderr.isTTY && !json });
    try {
      const told = await app.users.import(
        { organization, application },
        { format: file.format, bytes: progress.counting(file.bytes), fromLine },
        {
          dryRun,
          mostRefused: maxErrors,
          signal: stop.asked,
          onRefused: ({ line, label, detail }) =>
            progress.say(`line ${line}${label === '' ? '' : ` (${printable(label)})`}: ${printable(detail)}`),
          onProgress: progress.moved,
        },
      );
      progress.end();
      if (told.kind === 'refused') throw new CommandFailed(told.detail);
      tell(told, { path, options });
    } finally {
      progress.end();
    }
  });
}

function tell({ report, requestId }: Imported, { path, options }: { path: string; options: Options }): void {
  const { dryRun = false, json = false, organization, application, format, fromLine = 1 } = options;
  if (json) console.log(JSON.stringify({ dryRun, requestId: dryRun ? undefined : requestId, ...report }));
  else console.log(importLines(report, dryRun).join('\n'));
  const { ended, counts, lastLine } = report;
  const where = application === undefined ? '' : ` --application ${quoted(application)}`;
  const altered = counts.created + counts.changed > 0;
  if (!json && !dryRun && altered) {
    console.error(
      `\nTo take this back: ${INVOCATION} undo --organization ${quoted(organization)}${where} --request ${requestId} --dry-run`,
    );
  }
  if (ended === 'interrupted' || ended === 'too-many-refused') {
    const next = Math.max(lastLine + 1, fromLine);
    const read = format === undefined ? '' : ` --format ${format}`;
    const again = `${INVOCATION} users import ${quoted(path)}${read} --organization ${quoted(organization)}${where} --from-line ${next}`;
    const why = ended === 'interrupted' ? 'it was interrupted' : 'too many lines could not be taken';
    throw new CommandFailed(`${why} after line ${next - 1}. To go on behind it: ${again}`);
  }
  if (ended === 'broken') throw new CommandFailed(`the file could not be read to its end. ${taken(lastLine)}`);
  if (counts.refused > 0) {
    throw new CommandFailed(`${counts.refused} ${counts.refused === 1 ? 'line was' : 'lines were'} not taken.`);
  }
}

function taken(lastLine: number): string {
  return lastLine === 0 ? 'No line was done.' : `Up to line ${lastLine} it is done.`;
}

interface OpenFile {
  readonly bytes: AsyncIterable<Uint8Array>;
  readonly format: 'csv' | 'jsonl';
  /** 0 where nobody knows. */
  readonly size: number;
}

/** @throws CommandFailed */
function openFile(
  path: string,
  { format: asked, signal }: Pick<Options, 'format'> & { readonly signal: AbortSignal },
): OpenFile {
  const format = asked ?? (/\.(?:jsonl|ndjson)$/i.test(path) ? 'jsonl' : /\.csv$/i.test(path) ? 'csv' : undefined);
  if (format === undefined) {
    throw new CommandFailed('its name does not say what the file is: add --format csv or --format jsonl.', EXIT.usage);
  }
  if (path === '-') return { bytes: untilAsked(process.stdin, signal), format, size: 0 };
  const stats = statOf(path);
  // To open a pipe that nobody writes to lasts, and nothing ends it.
  if (!stats.isFile()) throw new CommandFailed(`${path} is no file. For what a command writes, give - and a pipe.`);
  return { bytes: untilAsked(createReadStream(path), signal), format, size: stats.size };
}

/** @throws CommandFailed */
function statOf(path: string): Stats {
  try {
    return statSync(path);
  } catch (error) {
    throw cannotBeRead(path, error);
  }
}

/** Who is asked to end does not wait for what was not written yet. */
async function* untilAsked(stream: Readable, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const end = () => stream.destroy();
  signal.addEventListener('abort', end);
  try {
    yield* stream;
  } catch (error) {
    if (!signal.aborted) throw cannotBeRead('path' in stream ? String(stream.path) : 'standard input', error);
  } finally {
    signal.removeEventListener('abort', end);
  }
}

function cannotBeRead(path: string, error: unknown): CommandFailed {
  return new CommandFailed(`${path} cannot be read (${(error as NodeJS.ErrnoException).code}).`);
}

interface Progress {
  readonly counting: (bytes: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>;
  readonly moved: (counts: Imported['report']['counts']) => void;
  /** A line on standard error, above the bar. */
  readonly say: (text: string) => void;
  readonly end: () => void;
}

/** Drawn on a person's terminal only. */
async function createProgress(
  size: number,
  { dryRun, isDrawn }: { dryRun: boolean; isDrawn: boolean },
): Promise<Progress> {
  let read = 0;
  const counting = async function* (bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const piece of bytes) {
      read += piece.length;
      yield piece;
    }
  };
  const nothing = () => undefined;
  if (!isDrawn || size === 0) return { counting, moved: nothing, say: (text) => console.error(text), end: nothing };
  const { default: progress } = await import('cli-progress');
  const bar = new progress.SingleBar(
    { format: '  {bar} {percentage} %  {users} users {title}', clearOnComplete: true, hideCursor: true },
    progress.Presets.shades_classic,
  );
  const title = dryRun ? 'looked at' : 'done';
  bar.start(size, 0, { users: 0, title });
  return {
    counting,
    moved: (counts) => bar.update(read, { users: Object.values(counts).reduce((sum, one) => sum + one, 0) }),
    say: (text) => process.stderr.write(`\r\x1b[K${text}\n`),
    end: () => bar.stop(),
  };
}

function readNumber(text: string): number {
  const number = Number(text);
  if (!/^\d{1,9}$/.test(text) || number === 0) throw new InvalidArgumentError('Expected a number from 1 on.');
  return number;
}
