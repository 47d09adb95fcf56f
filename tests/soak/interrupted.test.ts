import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const main = fileURLToPath(new URL('main.ts', import.meta.url));

test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
  'a soak that is ended by %s leaves no server behind',
  async (signal) => {
    const folder = mkdtempSync(join(tmpdir(), 'joinery-interrupted-'));
    const soak = spawn(process.execPath, [main, '--kill', '1', '--seconds', '60'], {
      env: { ...process.env, TMPDIR: folder },
      stdio: 'ignore',
    });
    try {
      let port: string | undefined;
      await expect
        .poll(
          () => {
            const [log] = globSync('joinery-soak-*/server/server.log', { cwd: folder });
            port = log === undefined ? undefined : /"port":(\d+)/.exec(readFileSync(join(folder, log), 'utf8'))?.[1];
            return port;
          },
          { timeout: 30_000 },
        )
        .toBeDefined();
      const isUp = () =>
        fetch(`http://127.0.0.1:${port}/healthz`).then(
          () => true,
          () => false,
        );
      expect(await isUp()).toBe(true);
      const ended = once(soak, 'exit');
      soak.kill(signal);
      await ended;
      await expect.poll(isUp).toBe(false);
    } finally {
      soak.kill('SIGTERM');
      rmSync(folder, { recursive: true, force: true });
    }
  },
);
