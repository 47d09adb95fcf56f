import type { ResourceType } from '../../scim/index.ts';
import { type Column, readColumns } from './columns.ts';
import { CsvBroken, rowsIn } from './csv-rows.ts';
import type { ImportLine } from './line.ts';
import { readRow } from './row.ts';

/**
 * The lines of a CSV (RFC 4180) whose first one names the columns, read as they are asked for. The separator is the one of
 * the first line: a comma, a semicolon (as Excel has it in many countries) or a tab. With a byte-order mark or without.
 */
export async function* readCsv(texts: AsyncIterable<string>, type: ResourceType): AsyncGenerator<ImportLine> {
  let columns: readonly Column[] | undefined;
  try {
    for await (const { cells, line } of rowsIn(texts)) {
      if (columns === undefined) {
        const read = readColumns(type, cells);
        if (read.kind === 'wrong') return yield { kind: 'broken', line, problem: read.problem };
        columns = read.columns;
      } else yield { ...readRow(columns, cells), line };
    }
  } catch (error) {
    if (!(error instanceof CsvBroken)) throw error;
    return yield { kind: 'broken', line: error.line, problem: error.message };
  }
  if (columns === undefined) {
    const problem = 'The file is empty. A first line with the names of the columns was expected.';
    yield { kind: 'broken', line: 1, problem };
  }
}
