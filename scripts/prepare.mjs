// Runs before every npm script, on whatever Node.js the machine has: installs what package-lock.json says
// when it is not there yet, or is older. Writes to stderr only, so that `npm run -s joinery -- … --json` stays JSON.
import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

if (modified('node_modules/.package-lock.json') < modified('package-lock.json')) {
  console.error('joinery: installing what package-lock.json names (once) …');
  const done = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (done.status !== 0) {
    console.error('joinery: `npm ci` failed; its own words are above.');
    process.exit(done.status ?? 1);
  }
}

function modified(path) {
  try {
    return statSync(new URL(path, `file://${root}/`)).mtimeMs;
  } catch {
    return Number.NEGATIVE_INFINITY;
  }
}
