import { readdirSync } from 'node:fs';
import { REWRITES } from '../../src/dialects/index.ts';
import { TOLERANT } from '../../src/scim/index.ts';
import { ALWAYS } from './always.ts';
import type { Case, Coverage, Elsewhere, Part } from './case.ts';
import { OPEN } from './open.ts';
import type { Requirement } from './requirements.ts';

/** Everything that `cases/` says, by file name. */
export const COVERAGE: ReadonlyMap<string, Coverage> = await readCases();

/** The names that a `because` may have. */
export const REASONS: ReadonlySet<string> = new Set([...Object.keys(TOLERANT), ...REWRITES.map(({ name }) => name)]);

export interface CaseOfFile extends Case {
  /** From the root. */
  readonly file: string;
}

export const CASES: readonly CaseOfFile[] = [...COVERAGE].flatMap(([name, { cases = [] }]) =>
  cases.map((each) => ({ ...each, file: `tests/rfc/cases/${name}` })),
);

/** How a requirement stands. */
export type Standing =
  | { readonly kind: 'tested'; readonly by: readonly TestName[]; readonly differsBy: readonly string[] }
  | { readonly kind: 'waits'; readonly part: Part }
  | { readonly kind: 'does not apply'; readonly reason: string }
  | { readonly kind: 'open' };

export interface TestName {
  readonly file: string;
  readonly title: string;
}

export function standingOf({ id }: Requirement): Standing {
  const own = CASES.filter(({ ids }) => ids.includes(id));
  const by = [
    ...own.map(({ file, title }) => ({ file, title })),
    ...ALWAYS.filter(({ ids }) => ids.includes(id)).map(({ title }) => ({ file: 'tests/rfc/always.ts', title })),
    ...elsewhereOf(id).map(({ file, test = '' }) => ({ file, title: test })),
  ];
  if (by.length > 0) return { kind: 'tested', by, differsBy: [...new Set(own.flatMap(reasonsOf))].toSorted() };
  const part = first(({ waits }) => waits?.[id]);
  if (part !== undefined) return { kind: 'waits', part };
  const reason = first(({ notApplicable }) => notApplicable?.[id]);
  return reason === undefined ? { kind: 'open' } : { kind: 'does not apply', reason };
}

export function decisionOf({ id }: Requirement): string | undefined {
  return first(({ decided }) => decided?.[id]);
}

export function isOpen({ id }: Requirement): boolean {
  return OPEN.some((prefix) => id.startsWith(`${prefix}-`));
}

/** The tolerances and rewrites by which a case's answers differ in a default application. */
export function reasonsOf(given: Case): string[] {
  return [given, ...(given.afterwards ?? [])].flatMap((step) => [step.default?.because ?? []].flat());
}

export function elsewhereOf(id: string): readonly Elsewhere[] {
  return [...COVERAGE.values()].flatMap(({ elsewhere }) => [elsewhere?.[id] ?? []].flat());
}

function first<T>(pick: (coverage: Coverage) => T | undefined): T | undefined {
  for (const coverage of COVERAGE.values()) {
    const found = pick(coverage);
    if (found !== undefined) return found;
  }
  return undefined;
}

async function readCases(): Promise<ReadonlyMap<string, Coverage>> {
  const folder = new URL('cases/', import.meta.url);
  const found = new Map<string, Coverage>();
  for (const name of readdirSync(folder).toSorted()) {
    if (!name.endsWith('.ts')) continue;
    const module: { coverage: Coverage } = await import(new URL(name, folder).href);
    found.set(name, module.coverage);
  }
  return found;
}
