import type { Command } from 'commander';
import { example } from './invocation.ts';
import { withPlace } from './place.ts';
import type { Stop } from './stop.ts';
import { addUsersImport } from './users-import.ts';
import { verifyPassword } from './users-password.ts';
import { show } from './users-show.ts';

/** `joinery users import|show|verify-password`: the people of a directory. */
export function addUsers(program: Command, stop: Stop): void {
  const users = program.command('users').description('the people of an organization’s directory').helpCommand(false);
  addUsersImport(users, stop);
  withPlace(users.command('show').description('show one user: attributes, groups, effective roles, who manages them'))
    .requiredOption('--user <name>', 'a userName or an id')
    .option('--json', 'print {"resource","record","owner","groups","roles","hold"} and nothing else')
    .addHelpText('after', example('users show --organization acme --user bjensen'))
    .action(show);
  withPlace(
    users
      .command('verify-password')
      .description('say whether a password, read from standard input, is the one that the identity provider has set'),
  )
    .requiredOption('--user <name>', 'a userName')
    .addHelpText('after', example('users verify-password --organization acme --user bjensen'))
    .action(verifyPassword);
}
