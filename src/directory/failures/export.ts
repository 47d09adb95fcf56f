import { adviceOn } from './advice.ts';
import type { FailureRow } from './row.ts';

/** A row of the failure list as it leaves the instance: with what to do about it. */
export interface FailureShown {
  /** `User`, `Group`; `Connection`. */
  readonly type: string;
  /** The userName or displayName; the name of the credential. */
  readonly name: string;
  readonly operation: string;
  readonly reason: string;
  readonly message: string;
  readonly doInOkta: string;
  readonly doInEntra: string;
  readonly since: string;
  readonly last: string;
  readonly times: number;
  readonly requestId: string;
  /** The id, or folded name, under which it is kept. */
  readonly subject: string;
}

export function failureShown(row: FailureRow): FailureShown {
  const { type, label, operation, reason, detail, first, last, times, requestId, subject } = row;
  const { okta, entra } = adviceOn(row);
  return {
    type,
    name: label,
    operation,
    reason,
    message: detail,
    doInOkta: okta,
    doInEntra: entra,
    since: first,
    last,
    times,
    requestId,
    subject,
  };
}

/** A JSON array, one failure a line. */
export async function* failuresJson(pages: AsyncIterable<readonly FailureRow[]>): AsyncGenerator<string> {
  let before = '[';
  for await (const page of pages) {
    yield before + page.map((row) => JSON.stringify(failureShown(row))).join(',\n');
    before = ',\n';
  }
  yield before === '[' ? '[]\n' : ']\n';
}

/** RFC 4180, with a byte order mark, so that spreadsheets read it as UTF-8; every cell in quotes. */
export async function* failuresCsv(pages: AsyncIterable<readonly FailureRow[]>): AsyncGenerator<string> {
  const { stringify } = await import('csv-stringify/sync');
  // Quoted, a cell is one also where a semicolon separates them.
  const options = { quoted: true, quoted_empty: true, record_delimiter: 'windows' } as const;
  yield stringify([CSV_COLUMNS.map(([, header]) => header)], { ...options, bom: true });
  for await (const page of pages) {
    const rows = page.map(failureShown).map((shown) => CSV_COLUMNS.map(([name]) => harmless(String(shown[name]))));
    yield stringify(rows, options);
  }
}

const CSV_COLUMNS = [
  ['type', 'Type'],
  ['name', 'Name'],
  ['operation', 'Operation'],
  ['message', 'What went wrong'],
  ['doInOkta', 'What to do in Okta'],
  ['doInEntra', 'What to do in Entra ID'],
  ['since', 'Since'],
  ['last', 'Last'],
  ['times', 'Times'],
  ['reason', 'Reason'],
  ['requestId', 'Request id'],
  ['subject', 'Subject'],
] as const satisfies readonly (readonly [keyof FailureShown, string])[];

/**
 * A cell that no spreadsheet takes for a formula (T-WEB-05): where it begins with what one begins with, also behind quotes
 * and blanks, or in full width, an apostrophe stands before it. So it does inside of a cell where another separator would
 * begin one: a spreadsheet that takes the semicolon for it splits cells in spite of their quotes.
 *
 *     =HYPERLINK("…")      '=HYPERLINK("…")
 *     Ann;=1+1             Ann;'=1+1
 */
function harmless(cell: string): string {
  const inside = cell.replaceAll(FORMULA_INSIDE, "$&'");
  return FORMULA.test(inside) ? `'${inside}` : inside;
}

const FORMULA = /^["'\s\p{Cf}]*[=+\-@＝＋－＠\t\r]/u;
const FORMULA_INSIDE = /[;|\t\r\n](?=["'\s\p{Cf}]*[=+\-@＝＋－＠])/gu;
