import { type Command, InvalidArgumentError, Option } from 'commander';
import type { EntraFlavour, Report, SimulateEntraOptions, SimulateOptions } from '../idp/index.ts';
import { CommandFailed, EXIT } from './failure.ts';
import { example } from './invocation.ts';
import { printable } from './printable.ts';

const FLAVOURS: readonly NonNullable<SimulateOptions['flavour']>[] = ['aiw', 'catalog', 'oin-put', 'oin-patch'];
const AUTH: readonly NonNullable<SimulateOptions['auth']>[] = ['bearer', 'raw-header', 'basic'];
const ENTRA_FLAVOURS: readonly EntraFlavour[] = ['classic', 'aadOptscim062020'];

/** `joinery simulate okta`, `joinery simulate entra`: a simulated identity provider provisions a SCIM server, ours or any other. */
export function addSimulate(program: Command, exit: (code: number) => void): void {
  const simulate = program
    .command('simulate')
    .description('act as an identity provider, and tell where the two sides differ')
    .helpCommand(false);
  addOkta(simulate, exit);
  addEntra(simulate, exit);
}

function addOkta(simulate: Command, exit: (code: number) => void): void {
  const command = simulate
    .command('okta')
    .description('connect as Okta does: create, update, deactivate, reactivate, import, push groups');
  withShared(command)
    .addOption(new Option('--flavour <flavour>', 'how the app was made in Okta').choices(FLAVOURS).default('oin-patch'))
    .addOption(new Option('--auth <mode>', 'how the token is sent').choices(AUTH).default('bearer'))
    .addHelpText('after', example('simulate okta --base-url http://127.0.0.1:3000/scim/v2 --token jn-… --users 100'))
    .addHelpText('after', EXITS)
    .option('--at <url>', 'where the host of the base URL is really reached: http://127.0.0.1:3000')
    .option(
      '--import [run]',
      'only walk users and groups, as the Import tab does, and print who matches; against the people of an earlier run, by its mark',
    )
    .action(async ({ import: asked, ...options }: OktaOptions) =>
      exit(
        await run(async (surroundings) => {
          const { simulateImport, simulateOkta } = await idp();
          const given = { ...options, ...surroundings };
          if (asked === undefined) return simulateOkta(given);
          return simulateImport(asked === true ? given : { ...given, run: asked });
        }),
      ),
    );
}

interface OktaOptions extends Omit<SimulateOptions, 'print'> {
  readonly import?: true | string;
}

function addEntra(simulate: Command, exit: (code: number) => void): void {
  const command = simulate
    .command('entra')
    .description('connect as Microsoft Entra ID does: match, create, update, switch off, restore, delete, push groups');
  withShared(command)
    .addOption(
      new Option('--flavour <flavour>', 'what the Tenant URL ends with: nothing, or the flag')
        .choices(ENTRA_FLAVOURS)
        .default('classic'),
    )
    .addHelpText('after', example('simulate entra --base-url http://127.0.0.1:3000/scim/v2 --token jn-… --users 100'))
    .addHelpText('after', EXITS)
    .action(async (options: SimulateEntraOptions) =>
      exit(await run(async (surroundings) => (await idp()).simulateEntra({ ...options, ...surroundings }))),
    );
}

const EXITS = '\nIt exits with 1 when any call failed or the two sides differ.';

function withShared(command: Command): Command {
  return command
    .requiredOption('--base-url <url>', 'the SCIM base URL')
    .addOption(new Option('--token <token>', 'the token that opens it').env('JOINERY_TOKEN').makeOptionMandatory())
    .option('--users <number>', 'how many people to provision', readUsers, 25)
    .option('--clean', 'delete at the end what the run made')
    .option('--bail', 'end after the first step that finds something')
    .option('--verbose', 'print each call');
}

/** The simulators are read only when they run. */
function idp(): Promise<typeof import('../idp/index.ts')> {
  return import('../idp/index.ts');
}

type Surroundings = Pick<SimulateOptions, 'print' | 'progress'>;

async function run(simulate: (surroundings: Surroundings) => Promise<Pick<Report, 'exitCode'>>): Promise<number> {
  try {
    const { exitCode } = await simulate({
      // The server may be anybody's, and what it holds its clients'.
      print: (line) => console.log(printable(line)),
      // Drawn on a person's terminal only: a file or a pipe gets the lines.
      progress: process.stderr.isTTY ? await createProgress() : undefined,
    });
    return exitCode;
  } catch (error) {
    if (error instanceof RangeError) {
      throw new CommandFailed(error.message, EXIT.usage);
    }
    throw error;
  }
}

/** One bar for each long step, gone when the step is done. */
async function createProgress(): Promise<NonNullable<SimulateOptions['progress']>> {
  const { default: progress } = await import('cli-progress');
  const bar = new progress.SingleBar(
    { format: '  {bar} {value} of {total}  {title}', clearOnComplete: true, hideCursor: true },
    progress.Presets.shades_classic,
  );
  return {
    begin: (title, total) => bar.start(total, 0, { title }),
    advance: () => bar.increment(),
    end: () => bar.stop(),
  };
}

function readUsers(text: string): number {
  const users = Number(text);
  if (!/^\d{1,7}$/.test(text) || users === 0) throw new InvalidArgumentError('Expected a number of people, like 25.');
  return users;
}
