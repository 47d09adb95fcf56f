import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DatabaseName } from '../harness/index.ts';
import { literalsIn } from './literals.ts';
import { unbound } from './unbound.ts';

export const VERB = /^\s*(?:SELECT|INSERT|UPDATE|DELETE|WITH|REPLACE)\b/;

/** The texts in the sources of one database, and of what both share; constants stand in them by what they are. */
export function literalsOfStore(database: DatabaseName): string[] {
  const sources = sourcesOfStore(database);
  // A name means what it means in its own file, and elsewhere what the only file that has it means.
  const known = sources.map((source) => constantsOf(source));
  const shared = new Map<string, string>();
  const several = new Set<string>();
  for (const [name, text] of known.flatMap((constants) => [...constants])) {
    if (shared.has(name) && shared.get(name) !== text) several.add(name);
    shared.set(name, text);
  }
  for (const name of several) shared.delete(name);
  return sources.flatMap((source, index) =>
    literalsIn(source).map((text) => resolved(resolved(text, known[index] ?? shared), shared)),
  );
}

/** The texts of constants that stand in other texts, and are sent nowhere by themselves. */
export function partsOfStore(database: DatabaseName): ReadonlySet<string> {
  const sources = sourcesOfStore(database);
  const all = sources.join('\n');
  const isPart = (name: string) => all.match(new RegExp(`(?<!\\$\\{)\\b${name}\\b`, 'g'))?.length === 1;
  return new Set(
    sources.flatMap((source) => [...constantsOf(source)].flatMap(([name, text]) => (isPart(name) ? [text] : []))),
  );
}

function sourcesOfStore(database: DatabaseName): string[] {
  const store = fileURLToPath(new URL('../../src/store', import.meta.url));
  return readdirSync(store, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.includes('migrations'))
    .filter((name) => name.startsWith(`${database}/`) || !name.includes('/'))
    .map((name) => readFileSync(join(store, name), 'utf8'));
}

/** Constants whose whole value is one text: they stand in statements by their names. */
function constantsOf(source: string): ReadonlyMap<string, string> {
  const constants = new Map<string, string>();
  const whole = /\bconst ([A-Z_]+) =\s*(?:'([^'\n]*)'|"([^"\n]*)"|`([^`]*)`);/g;
  for (const [, name = '', ...texts] of source.matchAll(whole)) {
    constants.set(name, texts.find((text) => text !== undefined) ?? '');
  }
  return new Map(Array.from(constants, ([name, text]) => [name, resolved(text, constants)]));
}

function resolved(text: string, constants: ReadonlyMap<string, string>): string {
  let before = '';
  let now = text;
  while (before !== now) {
    before = now;
    now = now.replaceAll(/\$\{([A-Z_]+)\}/g, (whole, name: string) => constants.get(name) ?? whole);
  }
  return now;
}

export function faultsOf(
  sql: string,
  tables: ReadonlySet<string>,
  isDirectory?: (placeholder: string) => boolean,
): string[] {
  const text = aroundInsertions(sql).join('$inserted');
  return unbound(text, tables, isDirectory).map((fault) => `${fault}: ${onOneLine(sql).slice(0, 300)}`);
}

/** `FROM resources`, and text that begins with a table: what is no prose and no file’s name. */
export function namesTable(text: string, tables: ReadonlySet<string>): boolean {
  const names = [...tables].join('|');
  return new RegExp(`\\b(?:FROM|JOIN|INTO|UPDATE)\\s+"?(?:${names})\\b|^\\s*"?(?:${names})\\b(?!\\.ts|-)`).test(text);
}

/** The texts that are part of no statement that was looked at. */
export function unseen(texts: readonly string[], statements: readonly string[]): string[] {
  return texts.filter((text) => {
    const pattern = patternOf(text);
    return !statements.some((sql) => pattern.test(sql));
  });
}

/** The text with anything where something is inserted. */
function patternOf(text: string): RegExp {
  const parts = aroundInsertions(text).map((part) => onOneLine(part).replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return new RegExp(parts.join('.*?'), 's');
}

/** What stands before, between and behind what is inserted, which may have texts of its own in it. */
function aroundInsertions(text: string): string[] {
  const around = [''];
  let depth = 0;
  for (const piece of text.split(/(\$\{|[{}])/)) {
    if (depth === 0 && piece !== '${') around.push(`${around.pop()}${piece}`);
    else if (piece === '${' || piece === '{') {
      if (depth === 0) around.push('');
      depth += 1;
    } else if (piece === '}') depth -= 1;
  }
  return around;
}

export function onOneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ');
}
