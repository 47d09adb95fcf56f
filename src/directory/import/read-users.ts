import type { ResourceType } from '../../scim/index.ts';
import { userType } from '../user-type.ts';
import type { ImportLine } from './line.ts';
import { readCsv } from './read-csv.ts';
import { readJsonl } from './read-jsonl.ts';

export interface UsersFile {
  readonly format: 'csv' | 'jsonl';
  readonly bytes: AsyncIterable<Uint8Array>;
  /** What stands before this line was done already. A CSV's header is read all the same. */
  readonly fromLine?: number | undefined;
}

/** The users of a file, line by line, as they are asked for: never more of it is held than a piece. */
export async function* readUsers(
  { format, bytes, fromLine = 1 }: UsersFile,
  types: readonly ResourceType[],
): AsyncGenerator<ImportLine> {
  const type = userType(types);
  let last = 0;
  try {
    const texts = textsIn(bytes);
    for await (const line of format === 'csv' ? readCsv(texts, type) : readJsonl(texts)) {
      last = line.line;
      if (line.line >= fromLine || line.kind === 'broken') yield line;
    }
  } catch (error) {
    if (!(error instanceof NotUtf8)) throw error;
    yield {
      kind: 'broken',
      line: last + 1,
      problem: 'The file is not UTF-8 from here on, or a little later. Save it as UTF-8.',
    };
  }
}

class NotUtf8 extends Error {
  override readonly name = 'NotUtf8';
}

async function* textsIn(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  // Whoever reads takes the byte-order mark off.
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  for await (const piece of bytes) yield decode(() => decoder.decode(piece, { stream: true }));
  yield decode(() => decoder.decode());
}

function decode(run: () => string): string {
  try {
    return run();
  } catch (error) {
    throw error instanceof TypeError ? new NotUtf8() : error;
  }
}
