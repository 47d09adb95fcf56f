import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { HistoryReader } from '../../../src/directory/index.ts';
import { spanBetween } from '../../../src/directory/undo/span.ts';

const BEGIN = Date.parse('2026-11-22T08:00:00.000Z');
const MARGIN = 300_000;
const iso = (moment: number): string => new Date(moment).toISOString();

/** A history whose changes were made at these moments; the first has place 100. */
function historyOf(moments: readonly number[]): Pick<HistoryReader, 'at'> & { asked: number } {
  return {
    asked: 0,
    async at(seq) {
      this.asked += 1;
      const moment = moments[seq - 100];
      return moment === undefined ? undefined : iso(moment);
    },
  };
}

test('all that was done between two moments is in the span, though places are not in the order of times', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ step: fc.nat({ max: 200_000 }), late: fc.nat({ max: MARGIN }) }), { maxLength: 200 }),
      fc.nat({ max: 20_000_000 }),
      fc.nat({ max: 5_000_000 }),
      async (changes, start, length) => {
        let clock = BEGIN;
        const moments = changes.map(({ step, late }) => {
          clock += step;
          return clock - late;
        });
        const [from, to] = [BEGIN + start, BEGIN + start + length];
        const history = historyOf(moments);
        const all = { first: 100, last: 99 + moments.length };
        const { first, last } = await spanBetween(history as unknown as HistoryReader, {
          all,
          from: iso(from),
          to: iso(to),
        });
        for (const [index, moment] of moments.entries()) {
          if (moment < from || moment > to) continue;
          expect(index + 100).toBeGreaterThanOrEqual(first);
          expect(index + 100).toBeLessThanOrEqual(last);
        }
        expect(history.asked).toBeLessThanOrEqual(20);
      },
    ),
    { numRuns: 300 },
  );
});

test('what is long before, and long after, is not looked at', async () => {
  const moments = Array.from({ length: 10_000 }, (_, index) => BEGIN + index * 1000);
  const history = historyOf(moments) as unknown as HistoryReader;
  const all = { first: 100, last: 10_099 };
  const [from, to] = [iso(BEGIN + 5_000_000), iso(BEGIN + 5_010_000)];
  expect(await spanBetween(history, { all, from, to })).toEqual({ first: 4_800, last: 5_409 });
  expect(await spanBetween(history, { all, from: undefined, to: undefined })).toEqual(all);
});
