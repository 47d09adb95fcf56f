import { spawn } from 'node:child_process';
import { afterAll, expect, test } from 'vitest';
import { temporaryDatabase } from '../harness/index.ts';

const database = temporaryDatabase();
afterAll(() => database.remove());

/** npm signals the shell that it runs a script in, and that shell dies without a word to the server. */
test.runIf(process.platform !== 'win32')(
  'a server that npm runs ends, having finished, when its shell is gone',
  async () => {
    const script = `"${process.execPath}" src/main.ts start; true`;
    const env = { ...process.env, ...database.env, PORT: '0', npm_lifecycle_event: 'start' };
    const shell = spawn('/bin/sh', ['-c', script], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    const ended = new Promise((resolve) => shell.stdout.once('close', resolve));
    await new Promise<void>((resolve) => {
      shell.stdout.on('data', (chunk) => {
        said += chunk;
        if (said.includes('--token')) resolve();
      });
    });
    shell.kill('SIGTERM');
    // The server holds the other end of the pipe until it ends.
    await ended;
    expect(shell.signalCode).toBe('SIGTERM');
    expect(said).toContain('is running');
  },
);
