import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { compileCacheIn } from '../../src/compile-cache.ts';
import { runCommand } from '../harness/process.ts';

let temporary: string;
let folder: string;
beforeEach(() => {
  temporary = mkdtempSync(join(tmpdir(), 'joinery-cache-'));
  folder = join(temporary, `joinery-compiled-${process.getuid?.()}`);
});
afterEach(() => rmSync(temporary, { recursive: true, force: true }));

test('compiled code is kept in a folder of this user alone, and found again', async () => {
  const given = compileCacheIn(temporary);
  expect(given).toBe(folder);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  expect(compileCacheIn(temporary)).toBe(folder);
});

test('nothing is taken from a folder that others may write to, that is another’s, or that is none', () => {
  mkdirSync(folder);
  chmodSync(folder, 0o777);
  expect(compileCacheIn(temporary)).toBeUndefined();
  chmodSync(folder, 0o755);
  expect(compileCacheIn(temporary)).toBe(folder);
  rmSync(folder, { recursive: true });
  const elsewhere = join(temporary, 'elsewhere');
  mkdirSync(elsewhere);
  symlinkSync(elsewhere, folder);
  expect(compileCacheIn(temporary)).toBeUndefined();
  rmSync(folder);
  writeFileSync(folder, '');
  expect(compileCacheIn(temporary)).toBeUndefined();
  expect(compileCacheIn(join(temporary, 'missing'))).toBeUndefined();
  mkdirSync(join(temporary, 'joinery-compiled-4242'), { mode: 0o700 });
  expect(compileCacheIn(temporary, 4242)).toBeUndefined();
});

test('a command keeps its compiled code there, and nowhere else', async () => {
  const ran = await runCommand(['--version'], { TMPDIR: temporary });
  expect(ran.code).toBe(0);
  expect(statSync(folder).isDirectory()).toBe(true);
  expect(statSync(join(temporary, 'node-compile-cache'), { throwIfNoEntry: false })).toBeUndefined();
});
