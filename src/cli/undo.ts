import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';
import { type Command, InvalidArgumentError } from 'commander';
import type { App } from '../app.ts';
import { CommandFailed, EXIT } from './failure.ts';
import { withInstance } from './instance.ts';
import { example, INVOCATION, quoted } from './invocation.ts';
import { type Place, withPlace } from './place.ts';
import { readSince } from './since.ts';
import type { Stop } from './stop.ts';
import { undoLines } from './undo-report.ts';

type Undo = App['history']['undo'];
type Asked = Parameters<Undo>[1];
type Told = Extract<Awaited<ReturnType<Undo>>, { kind: 'undone' }>;

/** `joinery undo`: takes changes back, as far as nobody has changed the same again since. */
export function addUndo(program: Command, stop: Stop): void {
  withPlace(program.command('undo'))
    .description('take changes back, as far as nobody has changed the same again since')
    .option('--set <number>', 'one change set, as `history` numbers them', readSet)
    .option('--user <name>', 'what became of one user, memberships too: a userName or an id')
    .option('--group <name>', 'what became of one group: a displayName or an id')
    .option('--credential <name>', 'what came in with one token: its name or id')
    .option('--request <id>', 'all change sets of one request; of an undo, to take that back')
    .option('--since <when>', 'from then until now: 10m, 2h, 3d, or a date like 2026-11-21T10:00Z', readWhen)
    .option('--from <when>', 'from then on, as --since', readWhen)
    .option('--to <when>', 'up to then, as --since', readWhen)
    .option('--dry-run', 'say what would happen, and change nothing')
    .option('--yes', 'do not ask first')
    .option('--json', 'print the report as JSON and nothing else; asks nothing, so it takes --yes or --dry-run')
    .addHelpText('after', EXAMPLES)
    .addHelpText('after', RULES)
    .action((options: Options) => undo(options, stop));
}

const EXAMPLES = example(
  'undo --organization acme --since 10m --dry-run',
  'undo --organization acme --credential "Okta production" --from 2026-11-21T10:00Z --to 2026-11-21T10:15Z',
  'undo --organization acme --user bjensen --since 2h',
);
const RULES = `
Whoever was removed comes back under the old id, with memberships and roles; whoever was created is removed; attributes
go back one by one. What somebody has changed again since is left and listed; so is who would need a seat, or a name,
that is taken. A password that was set stays. Run again after an interruption, with the same --from (not --since, which
begins later then), it goes on with what is left.`;

interface Options extends Place {
  readonly set?: number;
  readonly user?: string;
  readonly group?: string;
  readonly credential?: string;
  readonly request?: string;
  readonly since?: string;
  readonly from?: string;
  readonly to?: string;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
}

async function undo(options: Options, stop: Stop): Promise<void> {
  const asked = askedOf(options);
  const { dryRun = false, yes = false, json = false } = options;
  const isAsked = !dryRun && !yes;
  if (isAsked && (json || !process.stdin.isTTY)) {
    throw new CommandFailed(
      'nobody can be asked here: add --yes to do it, or --dry-run to see what it would do.',
      EXIT.usage,
    );
  }
  await withInstance(async ({ app }) => {
    // What came after the dry run nobody has agreed to.
    let { upTo } = asked;
    if (isAsked) {
      const foretold = await run(app, asked, { options, stop, dryRun: true });
      if (!foretold.ended) throw new CommandFailed('it was interrupted, and nothing was changed.');
      upTo = foretold.upTo;
      console.log(undoLines(foretold.report, true).join('\n'));
      if (!(await isConfirmed())) {
        console.error('Nothing was changed.');
        return;
      }
    }
    const told = await run(app, { ...asked, upTo }, { options, stop, dryRun });
    if (json) {
      const { report, requestId, ended } = told;
      console.log(JSON.stringify({ dryRun, ended, requestId: dryRun ? undefined : requestId, ...report }));
    } else {
      console.log(undoLines(told.report, dryRun).join('\n'));
      if (!dryRun && told.report.changes > 0) console.error(`\nTo take this back: ${backwards(options, told)}`);
    }
    if (!told.ended) throw new CommandFailed(interrupted(asked, dryRun));
  });
}

/** `--since 10m` would begin later the next time. */
function interrupted({ from }: Asked, dryRun: boolean): string {
  if (dryRun) return 'it was interrupted: that is not all of it.';
  const begin = from === undefined ? '' : `, with --from ${from},`;
  return `it was interrupted: run it again${begin} to go on with what is left.`;
}

/** @throws CommandFailed where nothing says which changes */
function askedOf({ set, user, group, credential, request, since, from, to }: Options): Asked {
  const wrong = (detail: string): CommandFailed => new CommandFailed(detail, EXIT.usage);
  if (user !== undefined && group !== undefined) throw wrong('give --user or --group, not both.');
  if (since !== undefined && (from !== undefined || to !== undefined)) {
    throw wrong('give --since, or --from and --to, not both.');
  }
  const isTimed = since !== undefined || from !== undefined;
  if (set === undefined && request === undefined && !isTimed) {
    throw wrong('say which changes: --set, --request, or a time with --since or --from.');
  }
  const name = user ?? group;
  const subject = name === undefined ? undefined : ({ type: user === undefined ? 'Group' : 'User', name } as const);
  return { set, subject, credential, requestId: request, from: since ?? from, to };
}

interface Running {
  readonly options: Options;
  readonly stop: Stop;
  readonly dryRun: boolean;
}

async function run(app: App, asked: Asked, { options, stop, dryRun }: Running): Promise<Told> {
  const { organization, application } = options;
  const progress = process.stderr.isTTY && !options.json ? await createProgress(dryRun) : undefined;
  const onProgress = progress === undefined ? {} : { onProgress: progress.moved };
  try {
    const place = { organization, application };
    const told = await app.history.undo(place, asked, { dryRun, signal: stop.asked, ...onProgress });
    if (told.kind === 'refused') throw new CommandFailed(told.detail);
    return told;
  } finally {
    progress?.end();
  }
}

/** Drawn on a person's terminal only. */
async function createProgress(
  dryRun: boolean,
): Promise<{ moved: (done: number, total: number) => void; end: () => void }> {
  const { default: progress } = await import('cli-progress');
  const bar = new progress.SingleBar(
    { format: '  {bar} {value} of {total}  {title}', clearOnComplete: true, hideCursor: true },
    progress.Presets.shades_classic,
  );
  const title = dryRun ? 'looked at' : 'taken back';
  let isDrawn = false;
  return {
    moved(done, total) {
      if (!isDrawn) bar.start(total, 0, { title });
      isDrawn = true;
      bar.update(done);
    },
    end: () => bar.stop(),
  };
}

async function isConfirmed(): Promise<boolean> {
  const asking = createInterface({ input: process.stdin, output: process.stderr });
  try {
    // Ctrl-C fails it, and the end of the input closes it, without an answer.
    const closed = once(asking, 'close').then(() => 'no');
    const answer = await Promise.race([asking.question('\nTake this back? [y/N] ').catch(() => 'no'), closed]);
    return /^y(?:es)?$/i.test(answer.trim());
  } finally {
    asking.close();
  }
}

/** The changes of an undo are found by its request, and by when it was. */
function backwards({ organization, application }: Options, { requestId }: Told): string {
  const where = application === undefined ? '' : ` --application ${quoted(application)}`;
  return `${INVOCATION} undo --organization ${quoted(organization)}${where} --request ${requestId} --dry-run`;
}

function readSet(text: string): number {
  const set = Number(text);
  if (!/^\d{1,15}$/.test(text) || set === 0) throw new InvalidArgumentError('Expected the number of a change set.');
  return set;
}

function readWhen(text: string): string {
  return readSince(text, Date.now());
}
