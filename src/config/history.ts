/** How long history is kept. */
export interface HistorySettings {
  /** Older changes are forgotten: they cannot be read, nor undone. */
  readonly historyDays: number;
}

const USUAL_DAYS = 400;
const MOST_DAYS = 36_500;

/** `HISTORY_DAYS`, 400. */
export function readHistory(env: Readonly<Record<string, string | undefined>>, problems: string[]): HistorySettings {
  const text = env.HISTORY_DAYS || String(USUAL_DAYS);
  const historyDays = Number(text);
  if (!/^\d{1,5}$/.test(text) || historyDays < 1 || historyDays > MOST_DAYS) {
    problems.push(`HISTORY_DAYS is ${JSON.stringify(text)}: expected a whole number from 1 to ${MOST_DAYS}.`);
  }
  return { historyDays };
}
