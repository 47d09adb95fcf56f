/** How much of the journal is kept. */
export interface JournalSettings {
  /** 0: there is no journal. */
  readonly journalDays: number;
  /** Of all directories together; the database of the journal may be a little larger. */
  readonly journalMebibytes: number;
}

const MOST_DAYS = 3_650;
const MOST_MEBIBYTES = 1_048_576;

/** `JOURNAL_DAYS`, 30, and `JOURNAL_MIB`, 512. */
export function readJournal(env: Readonly<Record<string, string | undefined>>, problems: string[]): JournalSettings {
  const read = (name: string, [usual, least, most]: readonly [number, number, number]): number => {
    const text = env[name] || String(usual);
    const number = Number(text);
    if (!/^\d{1,7}$/.test(text) || number < least || number > most) {
      problems.push(`${name} is ${JSON.stringify(text)}: expected a whole number from ${least} to ${most}.`);
    }
    return number;
  };
  return {
    journalDays: read('JOURNAL_DAYS', [30, 0, MOST_DAYS]),
    journalMebibytes: read('JOURNAL_MIB', [512, 1, MOST_MEBIBYTES]),
  };
}
