// `npm run build`: dist/ as it is published, from nothing; or another new folder, `node scripts/build.mjs /tmp/x/dist`.
//
// Our own code is a few files there: to find and open each of several hundred was half of a start. The packages that it
// uses stay where npm puts them. The entry keeps its `#!` line and may be executed.
import { spawnSync } from 'node:child_process';
import { chmodSync, globSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const root = fileURLToPath(new URL('..', import.meta.url));
const [, , dist = join(root, 'dist')] = process.argv;

if (process.argv[2] === undefined) rmSync(dist, { recursive: true, force: true });
// The types alone; it also says what is wrong.
const tsc = fileURLToPath(new URL('../node_modules/typescript/bin/tsc', import.meta.url));
const words = [tsc, '-p', 'tsconfig.build.json', '--outDir', dist];
const done = spawnSync(process.execPath, words, { cwd: root, stdio: 'inherit' });
if (done.status !== 0) process.exit(done.status ?? 1);

// A thread is started by the name of its file.
const entries = ['src/main.ts', 'src/index.ts', ...globSync('src/**/*-thread.ts', { cwd: root })];
const bundle = await rolldown({
  cwd: root,
  input: Object.fromEntries(entries.map((file) => [basename(file, '.ts'), file])),
  platform: 'node',
  external: /^[^./]/,
});
// All in one folder: what a piece looks for beside itself is there, and package.json is one above.
await bundle.write({ dir: dist, format: 'esm', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' });
await bundle.close();
chmodSync(join(dist, 'main.js'), 0o755);
