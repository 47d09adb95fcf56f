import { execFile } from 'node:child_process';
import { cpSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * The package as `npm run build` makes it, from a copy of the sources: the checkout's own `dist/` may be somebody's. Returns
 * its entry.
 */
export async function buildPackage(folder: string): Promise<string> {
  const place = join(folder, 'package');
  for (const part of BUILT_FROM) cpSync(join(root, part), join(place, part), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(place, 'node_modules'));
  await promisify(execFile)(process.execPath, [join(place, 'scripts/build.mjs')], { cwd: place });
  return join(place, 'dist/main.js');
}

const BUILT_FROM = ['src', 'scripts', 'package.json', 'tsconfig.json', 'tsconfig.build.json'];
