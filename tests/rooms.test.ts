import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const src = fileURLToPath(new URL('../src', import.meta.url));

/** The architecture: who may import whom. Everything that is not here is forbidden. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  scim: [],
  idp: [],
  net: [],
  dialects: ['scim'],
  directory: ['scim'],
  outbox: ['directory', 'net'],
  access: ['directory', 'net'],
  store: ['scim', 'directory', 'outbox', 'access'],
  provisioning: ['scim', 'dialects', 'directory'],
  http: ['provisioning', 'directory', 'access'],
  cli: ['app', 'idp'],
  // Files beside the rooms.
  config: ['scim'],
  app: ['scim', 'dialects', 'directory', 'provisioning', 'store', 'outbox', 'net', 'access', 'http', 'config'],
  main: ['cli', 'compile-cache'],
  'compile-cache': [],
  index: ['app', 'config'],
};

/** `scim` and `idp` stand alone: not even a package. The standard library's pure parts are listed by name. */
const NO_PACKAGES: Record<string, readonly string[]> = {
  scim: [],
  dialects: [],
  idp: [
    'node:buffer',
    'node:zlib',
    'node:crypto',
    'node:http',
    'node:https',
    'node:timers/promises',
    'node:url',
    'node:stream',
    'node:events',
    'node:net',
    'node:perf_hooks',
  ],
};

interface Import {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

test('rooms meet only where the table lets them, and only at their doors', () => {
  expect(importsUnder(src).flatMap(violation)).toEqual([]);
});

test('a planted wrong import is found', () => {
  const planted = (from: string, to: string): Import => ({ file: join(src, from), from: dirname(join(src, from)), to });
  expect(violation(planted('scim/patch.ts', '../directory/index.ts'))).toHaveLength(1);
  expect(violation(planted('idp/okta/client.ts', '../../scim/index.ts'))).toHaveLength(1);
  expect(violation(planted('http/scim.ts', '../store/index.ts'))).toHaveLength(1);
  expect(violation(planted('provisioning/read.ts', '../scim/filter/parse.ts'))).toHaveLength(1);
  expect(violation(planted('scim/patch.ts', 'kysely'))).toHaveLength(1);
  expect(violation(planted('provisioning/read.ts', '../scim/index.ts'))).toEqual([]);
});

function violation({ file, to }: Import): string[] {
  const room = roomOf(file);
  const where = `${relative(src, file)} imports ${to}`;
  if (!to.startsWith('.')) {
    const allowed = NO_PACKAGES[room];
    return allowed === undefined || allowed.includes(to)
      ? []
      : [`${where}: ${room} uses no package but ${allowed.join(', ') || 'none'}`];
  }
  const target = resolve(dirname(file), to);
  const other = roomOf(target);
  if (other === room) return [];
  if (!MAY_IMPORT[room]?.includes(other)) return [`${where}: ${room} may not import ${other}`];
  const isDoor = relative(src, target) === join(other, 'index.ts') || relative(src, target) === `${other}.ts`;
  return isDoor ? [] : [`${where}: ${other} has one door, its index.ts`];
}

function roomOf(file: string): string {
  const [first = ''] = relative(src, file).split('/');
  return first.replace(/\.ts$/, '');
}

function importsUnder(folder: string): Import[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .flatMap((entry) => {
      const file = join(entry.parentPath, entry.name);
      const text = readFileSync(file, 'utf8');
      const found = [
        ...text.matchAll(
          /^\s*(?:import|export)\b[^'"]*?from\s+['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)|^import\s+['"]([^'"]+)['"]/gm,
        ),
      ];
      return found.map((match) => ({ file, from: entry.parentPath, to: match[1] ?? match[2] ?? match[3] ?? '' }));
    });
}
