import type { Command } from 'commander';
import { openInstance } from './instance.ts';
import { example } from './invocation.ts';
import { listen, untilStopped } from './listen.ts';
import type { Stop } from './stop.ts';

/** `joinery serve`: the server, with its log as lines of JSON on standard output. */
export function addServe(program: Command, stop: Stop): void {
  program
    .command('serve')
    .description('serve SCIM, and log each request as a line of JSON')
    .option('--insecure', 'let others reach it without https (tokens then travel unencrypted)')
    .addHelpText('after', example('serve'))
    .addHelpText('after', SETTINGS)
    .action(async ({ insecure }: { insecure?: boolean }) => {
      const instance = await openInstance({ logLevel: 'info', insecure: insecure === true });
      await listen(instance);
      await untilStopped(instance, stop);
    });
}

export const SETTINGS = `
Settings, from the environment:
  PORT                  3000; 0 takes any free port
  HOST                  127.0.0.1
  PUBLIC_URL            how identity providers reach it: https://scim.example.com
  DATABASE_URL          sqlite:./data/joinery.db, or postgres://…
  DATABASE_OWNER_URL    with PostgreSQL: the second URL that \`database prepare\` prints
  DATABASE_CONNECTIONS  with PostgreSQL: 10, for requests
  HISTORY_DAYS          400: how long changes are kept, and can be undone
  JOURNAL_DAYS          30: how long each call and its reply are kept; 0 keeps none
  JOURNAL_MIB           512: how much of them is kept, of all directories together
  DRAIN_SECONDS         how long /readyz says no before it stops: 5 behind https, else 0
  LOG_LEVEL             trace, debug, info, warn, error, fatal, silent
  JOINERY_CONFIG        ./joinery.config.ts, when it is there`;
