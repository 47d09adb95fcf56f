import { type Command, InvalidArgumentError } from 'commander';
import { CommandFailed, EXIT } from './failure.ts';
import { example, quoted } from './invocation.ts';

/** `joinery database prepare`: what PostgreSQL must have before a server is given its URLs. */
export function addDatabase(program: Command): void {
  const database = program
    .command('database')
    .description('prepare a PostgreSQL database for this instance; SQLite needs nothing')
    .helpCommand(false);
  database
    .command('prepare')
    .description('make the two roles and the schemas in a database, and show the two URLs to set, this once')
    .requiredOption(
      '--owner <url>',
      'the database, as a role that may create roles and grant CREATE on it: postgres://admin@host/joinery (the password from PGPASSWORD, or in the URL)',
    )
    .option('--name <name>', 'of the role for requests; the other one is called <name>_owner', readName, 'joinery')
    .option('--json', 'print {"databaseUrl","ownerUrl","roles","statements"} and nothing else')
    .addHelpText('after', example('database prepare --owner postgres://admin@db.example.com/joinery'))
    .addHelpText('after', AGAIN)
    .action(prepare);
}

const AGAIN = `
Run again, it gives both roles new passwords and changes nothing else: servers that run keep the connections they
have, and get no new ones until they are started with the new URLs.`;

async function prepare({ owner, name, json }: { owner: string; name: string; json?: boolean }): Promise<void> {
  // Not while the options are read: what is wrong there is repeated, and this may hold a password.
  checkUrl(owner);
  const { prepareDatabase } = await import('../app.ts');
  const { databaseUrl, ownerUrl, roles, statements } = await prepareDatabase(owner, name);
  if (json) {
    console.log(JSON.stringify({ databaseUrl, ownerUrl, roles, statements }));
    return;
  }
  console.log(
    [
      ...statements.map((statement) => `${statement};`),
      '',
      `The database is prepared: requests use the role "${roles.requests}", which sees one directory at a time, and "${roles.owner}"`,
      'owns the tables. Put these two lines into the environment of each server, and of the commands. They are shown only',
      'here; to run this again gives new passwords, and ends the old ones:',
      '',
      `DATABASE_URL=${quoted(databaseUrl)}`,
      `DATABASE_OWNER_URL=${quoted(ownerUrl)}`,
    ].join('\n'),
  );
}

/** @throws CommandFailed */
function checkUrl(text: string): void {
  const wrong = (expected: string): CommandFailed => new CommandFailed(`--owner ${expected}`, EXIT.usage);
  if (!/^postgres(?:ql)?:\/\//i.test(text)) {
    throw wrong('is not for PostgreSQL: expected a URL like postgres://admin@db.example.com/joinery.');
  }
  const url = URL.parse(text) ?? URL.parse(text.replace('@/', '@localhost/'));
  if (url === null) {
    throw wrong('cannot be read as a URL: percent-encode what is special in the password ("@" is %40, "/" is %2F).');
  }
  if (url.pathname.length < 2) {
    throw wrong('names no database: expected one at the end of its path, like postgres://…/joinery.');
  }
}

function readName(text: string): string {
  if (/^(?!pg_|public$|none$)[A-Za-z_][\w-]{0,56}$/.test(text)) return text;
  throw new InvalidArgumentError('Expected at most 57 letters, digits, "_" and "-", like joinery.');
}
