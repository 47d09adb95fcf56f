import type { HistoryReader, HistorySpan } from '../history.ts';

/**
 * How far a change may stand behind a later one in history: clocks of several servers differ, and PostgreSQL gives places
 * after the commit.
 */
const MARGIN_MS = 300_000;

/**
 * The part of history in which everything that was done between two moments stands, and a little more. Times rise with the
 * places, give or take the margin: a place before which all is earlier than `from` less the margin has nothing before it
 * that is wanted, and so it is found by halving.
 */
export async function spanBetween(
  history: HistoryReader,
  { all, from, to }: { all: HistorySpan; from: string | undefined; to: string | undefined },
): Promise<HistorySpan> {
  const first = from === undefined ? all.first : await firstAt(history, all, shifted(from, -MARGIN_MS));
  const last = to === undefined ? all.last : (await firstAt(history, all, shifted(to, MARGIN_MS))) - 1;
  return { first, last };
}

/** The place of the first change at or after a moment; the one after the last where there is none. */
async function firstAt(history: HistoryReader, { first, last }: HistorySpan, moment: string): Promise<number> {
  let [low, high] = [first, last + 1];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const at = await history.at(middle);
    if (at === undefined || at >= moment) high = middle;
    else low = middle + 1;
  }
  return low;
}

function shifted(at: string, milliseconds: number): string {
  return new Date(Date.parse(at) + milliseconds).toISOString();
}
