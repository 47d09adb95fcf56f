import { once } from 'node:events';
import type { CsvError, Parser, parse } from 'csv-parse';
import { MOST_IN_A_LINE } from './line.ts';

export interface CsvRow {
  readonly cells: readonly string[];
  /** Where it begins, from 1 on: a value may have line breaks in it. */
  readonly line: number;
}

/** Nothing behind the line can be read; the message is a sentence for who has the file. */
export class CsvBroken extends Error {
  override readonly name = 'CsvBroken';
  readonly line: number;

  constructor(message: string, line: number) {
    super(message);
    this.line = line;
  }
}

/**
 * The rows of a CSV; empty lines are none. What the parser finds is taken at once, so that what stood before an error is
 * not lost with it.
 *
 * @throws CsvBroken
 */
export async function* rowsIn(texts: AsyncIterable<string>): AsyncGenerator<CsvRow> {
  // Read by who imports a file: a server need not wait for it when it starts.
  const { parse } = await import('csv-parse');
  const head = await headOf(texts);
  const rows = new Rows(parse, separatorOf(head.text));
  for await (const text of head.all()) yield* rows.read(text);
  yield* rows.end();
}

class Rows {
  readonly #parser: Parser;
  readonly #found: CsvRow[] = [];
  #broken: CsvBroken | undefined;
  /** The parser counts a CRLF inside of quotation marks as two lines. */
  #countedTwice = 0;

  constructor(parser: typeof parse, separator: string) {
    this.#parser = parser({
      bom: true,
      delimiter: separator,
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_column_count: true,
      // A quotation mark inside of a value is one: 5" disk.
      relax_quotes: true,
      skip_empty_lines: true,
      max_record_size: MOST_IN_A_LINE,
      raw: true,
      on_record: (found, { lines }) => {
        // As `raw` has it, which its types do not know.
        const { record: cells, raw } = found as unknown as { record: string[]; raw: string };
        const line = this.#lineOf(cells, lines);
        if (cells.some((cell) => isRunOn(cell, raw))) this.#broken ??= new CsvBroken(RUN_ON, line);
        if (this.#broken === undefined) this.#found.push({ cells, line });
        return null;
      },
    });
    this.#parser.on('error', (error: CsvError) => {
      this.#broken ??= brokenBy(error, this.#countedTwice);
    });
  }

  /** Those before an error first, and then it. */
  async *read(text: string): AsyncGenerator<CsvRow> {
    await new Promise<void>((resolve) => this.#parser.write(text, () => resolve()));
    yield* this.#taken();
  }

  async *end(): AsyncGenerator<CsvRow> {
    const closed = once(this.#parser, 'close');
    this.#parser.resume();
    this.#parser.end();
    // What went wrong is known by `error`.
    await closed.catch(() => undefined);
    yield* this.#taken();
  }

  *#taken(): Generator<CsvRow> {
    yield* this.#found.splice(0);
    if (this.#broken !== undefined) throw this.#broken;
  }

  #lineOf(cells: readonly string[], lines: number): number {
    const text = cells.join('');
    const line = lines - this.#countedTwice - count(text, /[\r\n]/g);
    this.#countedTwice += count(text, /\r\n/g);
    return line;
  }
}

/**
 * A quotation mark that was not closed runs on to the one that opens a value in a later line, and the parser takes all
 * between them for one value, and the lines in it for none. One that really begins with a quotation mark has it twice.
 */
function isRunOn(cell: string, raw: string): boolean {
  if (!cell.startsWith('"') || !/[\r\n]/.test(cell)) return false;
  return !raw.includes(`"${cell.replaceAll('"', '""')}"`);
}

function count(text: string, what: RegExp): number {
  return text.match(what)?.length ?? 0;
}

function brokenBy({ code, lines }: CsvError, countedTwice: number): CsvBroken {
  return new CsvBroken(PROBLEMS[code] ?? `This is no CSV (${code}).`, Number(lines) - countedTwice);
}

const RUN_ON =
  'A quotation mark is opened here and closed in another line, in the middle of a value. One that is part of a value in quotation marks is written twice.';

const PROBLEMS: Partial<Record<CsvError['code'], string>> = {
  CSV_MAX_RECORD_SIZE: `The record that ends here is longer than ${MOST_IN_A_LINE} bytes: a quotation mark may have been opened and not closed.`,
  CSV_QUOTE_NOT_CLOSED:
    'A quotation mark is opened here and never closed. One that is part of a value in quotation marks is written twice.',
};

interface Head {
  /** Enough to have the first line. */
  readonly text: string;
  /** That, and the rest. */
  readonly all: () => AsyncGenerator<string>;
}

async function headOf(texts: AsyncIterable<string>): Promise<Head> {
  const rest = texts[Symbol.asyncIterator]();
  let text = '';
  while (!/[\r\n]/.test(text) && text.length < MOST_IN_A_LINE) {
    const { value, done } = await rest.next();
    if (done === true) break;
    text += value;
  }
  return {
    text,
    all: async function* () {
      yield text;
      yield* { [Symbol.asyncIterator]: () => rest };
    },
  };
}

const SEPARATORS = [',', ';', '\t'] as const;

/** Which of them is there most, outside of quotation marks. */
function separatorOf(text: string): string {
  const [line = ''] = text.split(/[\r\n]/, 1);
  const bare = line.replaceAll(/"[^"]*"/g, '');
  const times = (separator: string): number => bare.split(separator).length;
  return SEPARATORS.reduce((most, one) => (times(one) > times(most) ? one : most));
}
