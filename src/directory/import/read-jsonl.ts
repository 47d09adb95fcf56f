import { isObject, type JsonObject, parseJson, ScimError } from '../../scim/index.ts';
import { type ImportLine, MOST_IN_A_LINE } from './line.ts';

/** One user a line, as SCIM has them; empty lines are nothing. */
export async function* readJsonl(texts: AsyncIterable<string>): AsyncGenerator<ImportLine> {
  let line = 0;
  for await (const text of linesIn(texts)) {
    line += 1;
    const trimmed = (line === 1 ? text?.replace(/^\ufeff/, '') : text)?.trim();
    if (trimmed !== '') yield { line, ...readLine(trimmed) };
  }
}

function readLine(text: string | undefined): { kind: 'user'; user: JsonObject } | { kind: 'wrong'; problem: string } {
  if (text === undefined) {
    return { kind: 'wrong', problem: `The line is longer than ${MOST_IN_A_LINE} characters. One user was expected.` };
  }
  try {
    const user = parseJson(text);
    if (isObject(user)) return { kind: 'user', user };
    return { kind: 'wrong', problem: 'A JSON object that describes a user was expected, on one line.' };
  } catch (error) {
    if (!(error instanceof ScimError)) throw error;
    return { kind: 'wrong', problem: error.detail.replace(/^The body/, 'The line') };
  }
}

/** Undefined for one that is too long to be held. */
async function* linesIn(texts: AsyncIterable<string>): AsyncGenerator<string | undefined> {
  let open = '';
  let isTooLong = false;
  for await (const text of texts) {
    const parts = text.split('\n');
    for (const [index, part] of parts.entries()) {
      if (!isTooLong) open += part;
      if (open.length > MOST_IN_A_LINE) {
        isTooLong = true;
        open = '';
      }
      if (index === parts.length - 1) break;
      yield isTooLong ? undefined : open;
      open = '';
      isTooLong = false;
    }
  }
  if (isTooLong) yield undefined;
  else if (open !== '') yield open;
}
