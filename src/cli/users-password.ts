import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { CommandFailed } from './failure.ts';
import { withInstance } from './instance.ts';

interface Options {
  readonly organization: string;
  readonly application?: string;
  readonly user: string;
}

/** The password is read from standard input: an argument would stand in the list of processes, and in the shell's history. */
export async function verifyPassword({ organization, application, user: userName }: Options): Promise<void> {
  const password = process.stdin.isTTY ? await askFor('Password: ') : await readPiped();
  await withInstance(async ({ app }) => {
    const verified = await app.users.verifyPassword({ organization, application }, { userName, password });
    if (verified.kind === 'refused') throw new CommandFailed(verified.detail);
    if (!verified.matches) {
      throw new CommandFailed(
        'No: this is not the password of an active user of that name, or none was set by the identity provider.',
      );
    }
    console.log('Yes: this is the password.');
  });
}

/** Nothing is echoed. */
async function askFor(question: string): Promise<string> {
  process.stderr.write(question);
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const asking = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  try {
    return await asking.question('');
  } finally {
    asking.close();
    process.stderr.write('\n');
  }
}

const MOST_READ = 65_536;

/** Without the line break that `echo` and editors end with. */
async function readPiped(): Promise<string> {
  let text = '';
  for await (const piece of process.stdin.setEncoding('utf8')) {
    text += piece;
    if (text.length > MOST_READ) throw new CommandFailed('what stands on standard input is too long for a password.');
  }
  return text.replace(/\r?\n$/, '');
}
