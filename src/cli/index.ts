import { Command, CommanderError } from 'commander';
import { addBackup } from './backup.ts';
import { addDatabase } from './database.ts';
import { EXIT, tellFailure } from './failure.ts';
import { addFailures } from './failures.ts';
import { addGuard } from './guard.ts';
import { addHistory } from './history.ts';
import { addHolds } from './holds.ts';
import { example, INVOCATION } from './invocation.ts';
import { addJournal } from './journal.ts';
import { addOrganization } from './organization.ts';
import { addPolicy } from './policy.ts';
import { addSeats } from './seats.ts';
import { addServe } from './serve.ts';
import { addSimulate } from './simulate.ts';
import { addStart } from './start.ts';
import type { Stop } from './stop.ts';
import { addToken } from './token.ts';
import { addUndo } from './undo.ts';
import { addUsers } from './users.ts';
import { printVersion } from './version.ts';

export type { Stop } from './stop.ts';

/**
 * Runs one command and resolves to its exit code: 0 done, 1 failed, 2 used wrongly. `stop` ends `serve` and `start`.
 * Results go to standard output, everything else to standard error.
 */
export async function run(args: readonly string[], stop: Stop): Promise<number> {
  let code: number = EXIT.done;
  const program = new Command(INVOCATION)
    .description('The provisioning side of a SaaS product: a SCIM 2.0 server for customers’ identity providers.')
    .option('--version', 'print the version; with --verbose also those of Node.js, SQLite and PostgreSQL’s client')
    .helpCommand(false)
    .showHelpAfterError('(add --help for what is possible)')
    .addHelpText('after', example('start'))
    .exitOverride();
  addStart(program, stop);
  addServe(program, stop);
  addOrganization(program);
  addToken(program);
  addPolicy(program);
  addSeats(program);
  addHolds(program);
  addGuard(program);
  addFailures(program);
  addJournal(program);
  addHistory(program);
  addUndo(program, stop);
  addUsers(program, stop);
  addDatabase(program);
  addBackup(program);
  addSimulate(program, (outcome) => {
    code = outcome;
  });

  try {
    if (args.includes('--version') && VERSION_ARGS.has(args[0] ?? '')) {
      await printVersion(args.includes('--verbose'));
      return EXIT.done;
    }
    await program.parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    // commander has told of these itself; --help comes this way too, with 0.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    return tellFailure(error);
  }
}

/** Where one of these comes first, no command does: `--version` is asked for, and nothing else. */
const VERSION_ARGS: ReadonlySet<string> = new Set(['--version', '--verbose']);
