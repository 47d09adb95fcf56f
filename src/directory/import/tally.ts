import type { CheckedLine } from './checked-line.ts';
import type { LineDone } from './import-line.ts';
import type { ImportCounts, ImportExample } from './operation.ts';

const EXAMPLES_OF_A_KIND = 10;

/** What became of the lines so far. */
export class ImportTally {
  readonly #counts = { created: 0, changed: 0, unchanged: 0, managed: 0, refused: 0 };
  readonly examples: ImportExample[] = [];

  get counts(): ImportCounts {
    return { ...this.#counts };
  }

  refused(): void {
    this.#counts.refused += 1;
  }

  done({ line, userName }: CheckedLine, done: Exclude<LineDone, { kind: 'refused' }>): void {
    this.#counts[done.kind] += 1;
    if (done.kind === 'unchanged' || this.#counts[done.kind] > EXAMPLES_OF_A_KIND) return;
    this.examples.push({ kind: done.kind, line, userName, ...differencesOf(done) });
  }
}

function differencesOf(done: LineDone): Pick<ImportExample, 'differences'> {
  if (done.kind !== 'changed') return {};
  const updated = done.changes.find((change) => change.kind === 'updated');
  if (updated === undefined) return {};
  const { before, after } = updated.difference;
  const names = Object.keys(after);
  return { differences: names.map((name) => ({ name, before: before[name] ?? null, after: after[name] ?? null })) };
}
