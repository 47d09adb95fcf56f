import { existsSync } from 'node:fs';
import type { JournalMeans } from '../journal.ts';
import { journalRowOf, valuesOf } from '../journal-row.ts';
import { makeFile } from './file.ts';
import { journalFileOf, readJournal } from './journal-database.ts';
import { startJournalThread } from './journal-worker.ts';

/** In a file of its own, written by a thread of its own: no request waits for its disk, and no commit shares it. */
export function journalOf(databaseFile: string): JournalMeans {
  const file = journalFileOf(databaseFile);
  const thread = startJournalThread(file);
  let isMade = false;
  return {
    async keep(entries) {
      // Who throws the file away may; the thread would go on in one that nobody can find.
      if (isMade && !existsSync(file)) await thread.stop();
      makeFile(file);
      isMade = true;
      await thread.ask({ kind: 'keep', values: valuesOf(entries) });
    },
    sweep: (kept) => thread.ask({ kind: 'sweep', ...kept }),
    async calls(directory, asked) {
      if (!existsSync(file)) return [];
      return readJournal(file, directory, asked).map((row) => journalRowOf(directory, row));
    },
    close: () => thread.stop(),
  };
}
