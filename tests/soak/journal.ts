import { type FileHandle, open, readFile } from 'node:fs/promises';
import type { Intent } from './intent.ts';

/**
 * What the client knows, on its own disk, one JSON object a line:
 *
 *     {"n":7,"intent":{"kind":"patch-active","id":"…","active":false}}     about to be sent
 *     {"n":7,"status":200,"id":"…"}                                        acknowledged by the server
 *     {"n":7,"settled":"applied"}                                          was in flight at a kill; found wholly there
 */
export type JournalLine =
  | { readonly n: number; readonly intent: Intent }
  | { readonly n: number; readonly status: number; readonly id: string }
  | { readonly n: number; readonly settled: 'applied' | 'absent'; readonly id?: string };

export interface Journal {
  readonly file: string;
  /** Goes to the file with the next `keep`. */
  note(line: JournalLine): void;
  /** Resolves when the line is on disk, by fsync. */
  keep(line: JournalLine): Promise<void>;
  /** Resolves when all that was noted is on disk. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

export async function openJournal(file: string): Promise<Journal> {
  const handle = await open(file, 'a');
  let waiting = '';
  let writing: Promise<void> | undefined;
  const note = (line: JournalLine) => {
    waiting += `${JSON.stringify(line)}\n`;
  };
  // Lines that arrive during one fsync share the next.
  const flush = async (): Promise<void> => {
    if (writing !== undefined) await writing;
    if (writing === undefined) {
      const text = waiting;
      waiting = '';
      writing = writeOut(handle, text).finally(() => {
        writing = undefined;
      });
    }
    return writing;
  };
  return {
    file,
    note,
    keep: (line) => {
      note(line);
      return flush();
    },
    flush,
    close: () => handle.close(),
  };
}

export async function readJournal(file: string): Promise<readonly JournalLine[]> {
  const text = await readFile(file, 'utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as JournalLine);
}

async function writeOut(handle: FileHandle, text: string): Promise<void> {
  await handle.writeFile(text);
  await handle.sync();
}
