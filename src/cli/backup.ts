import { type Command, Option } from 'commander';
import { example } from './invocation.ts';

/** `joinery backup`, `joinery restore`: of a SQLite; PostgreSQL has its own. */
export function addBackup(program: Command): void {
  program
    .command('backup')
    .description('write the SQLite database to a new file, as it is at one moment, beside a running server')
    .argument('<file>', 'a file that is not there yet')
    .addHelpText('after', example('backup /backups/joinery-2026-11-22.db'))
    .addHelpText('after', WITHOUT_JOURNAL)
    .action(backUp);
  program
    .command('restore')
    .description('put a backup in the place of the SQLite database, while no server runs')
    .argument('<file>', 'what `backup` wrote')
    .addOption(
      new Option('--tokens <what>', 'where the database that is replaced cannot be asked which tokens were revoked')
        .choices(['carry', 'keep', 'revoke'])
        .default('carry'),
    )
    .addHelpText('after', example('restore /backups/joinery-2026-11-22.db'))
    .addHelpText('after', TOKENS)
    .action(restore);
}

const WITHOUT_JOURNAL = `
The journal of calls is not in it. It is a secret like the database: it holds what is known of people.`;

const TOKENS = `
Tokens that were revoked after the backup stay revoked: they are looked up in the database that is replaced, which is
kept beside the restored one. Where there is none, or it began anew since, --tokens revoke lets none in that is in the
backup, and --tokens keep all that were not revoked at its time.`;

async function backUp(target: string): Promise<void> {
  const app = await import('../app.ts');
  const { file, bytes } = await app.backUp(databaseUrlOf(app), target);
  console.log(`The backup is ${file}, ${(bytes / 2 ** 20).toFixed(1)} MiB.`);
}

async function restore(source: string, { tokens }: { tokens: 'carry' | 'keep' | 'revoke' }): Promise<void> {
  const app = await import('../app.ts');
  const { aside, revoked, live } = await app.restore(databaseUrlOf(app), source, tokens);
  const ended =
    tokens === 'revoke'
      ? `${revoked} of the backup are revoked`
      : `${revoked} were revoked after the backup, and stay so`;
  const lines = [
    `The backup is restored. Tokens: ${live} let their holders in; ${ended}.`,
    ...(aside === undefined
      ? []
      : [`The database that was there is ${aside} now. Delete it when you need it no more.`]),
    'What identity providers sent after the backup is gone: have each of them synchronize everything once more.',
  ];
  console.log(lines.join('\n'));
}

function databaseUrlOf({ readSettings }: typeof import('../app.ts')): string {
  return readSettings(process.env, { logLevel: 'warn', insecure: true }).databaseUrl;
}
