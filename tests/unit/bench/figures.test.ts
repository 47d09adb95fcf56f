import { describe, expect, test } from 'vitest';
import {
  figuresAt,
  growthExponent,
  type Measured,
  median,
  percentile,
  ratio,
  type Sample,
} from '../../../bench/figures.ts';

describe('the figures of a bench', () => {
  test('a growth exponent is 0 where nothing grows, 1 where the time grows as the users do, and less than 0 where it falls', () => {
    expect(growthExponent(1, 1000)).toBeCloseTo(0);
    expect(growthExponent(1 / 1000, 1000)).toBeCloseTo(1);
    // A hundredth of the users answer ten times as fast.
    expect(growthExponent(1 / 10, 100)).toBeCloseTo(0.5);
    expect(growthExponent(1 / 1.4, 1000)).toBeCloseTo(0.0487, 4);
    expect(growthExponent(2, 1000)).toBeLessThan(0);
  });

  test.each([
    [[3], 3],
    [[5, 1, 3], 3],
    [[4, 1, 3, 2], 2.5],
    [[], Number.NaN],
  ])('the median of %j is %d', (values, middle) => {
    expect(median(values)).toBe(middle);
  });

  test('a percentile is one of the values, the highest at the end', () => {
    const sorted = Array.from({ length: 200 }, (_, index) => index);
    expect(percentile(sorted, 0.5)).toBe(100);
    expect(percentile(sorted, 0.99)).toBe(198);
    expect(percentile(sorted, 1)).toBe(199);
    expect(percentile([7], 0.99)).toBe(7);
  });

  test('a ratio compares within a round: a round in which everything was slow counts as the others do', () => {
    const samples = [
      ...rounds('sqlite', [100, 10, 90]),
      // Half as fast again in each round; the medians of the rates alone would say 200 / 90.
      ...rounds('floor', [200, 20, 180]),
    ];
    expect(ratio(samples, at('sqlite'), at('floor'))).toBeCloseTo(0.5);
    expect(ratio(samples, at('floor'), at('sqlite'))).toBeCloseTo(2);
    expect(ratio(samples, at('sqlite'), at('bare'))).toBeNaN();
  });

  test('CPU is a sum over all visits by a sum of all requests, times are medians of the visits', () => {
    const visits: readonly Partial<Measured>[] = [
      { requests: 100, seconds: 0.1, cpu: 5_000, p50: 1, p99: 2, longestTurn: 3 },
      { requests: 300, seconds: 0.1, cpu: 15_000, p50: 2, p99: 9, longestTurn: 4 },
      { requests: 100, seconds: 0.1, cpu: 10_000, p50: 3, p99: 4, longestTurn: 90 },
    ];
    const samples = visits.map((measured, round) => sample('sqlite', round, measured));
    expect(figuresAt(samples, at('sqlite'))).toEqual({
      perSecond: 1000,
      p50: 2,
      p99: 4,
      cpu: 60,
      busy: expect.closeTo(0.1),
      longestTurn: 4,
      longestOfAll: 90,
    });
    expect(figuresAt(samples, at('bare')).perSecond).toBeNaN();
  });
});

function at(contender: Sample['contender']) {
  return { operation: 'create', contender, size: 1000, inFlight: 1 };
}

function rounds(contender: Sample['contender'], rates: readonly number[]): readonly Sample[] {
  return rates.map((rate, round) => sample(contender, round, { requests: rate, seconds: 1 }));
}

function sample(contender: Sample['contender'], round: number, measured: Partial<Measured>): Sample {
  const nothing = { requests: 0, seconds: 0, p50: 0, p99: 0, cpu: 0, longestTurn: 0 };
  return { ...at(contender), round, measured: { ...nothing, ...measured } };
}
