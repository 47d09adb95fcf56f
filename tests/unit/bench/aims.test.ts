import { describe, expect, test } from 'vitest';
import { type Aim, type Findings, judge } from '../../../bench/aims.ts';
import type { Contender, Sample } from '../../../bench/figures.ts';
import { OPERATIONS } from '../../../bench/operations.ts';

const SIZES = [1_000, 100_000, 1_000_000];

describe('the aims of a bench', () => {
  test('all are held by a run in which everything is as it should be', () => {
    const aims = judge(found());
    expect(aims.filter(({ verdict }) => verdict !== 'held')).toEqual([]);
    expect(aims.length).toBeGreaterThan(25);
  });

  test('one operation that is too slow misses its aim, by name, and says how many hold', () => {
    const aims = judge(found({ of: { contender: 'sqlite', operation: 'create', inFlight: 32 }, rate: 70 }));
    expect(
      verdictOf(aims, /every operation, SQLite, 100,000 users, 32 connections: of the floor with history/),
    ).toEqual({
      aim: '≥ 0.75',
      measured: 'create 0.7; 10 more hold',
      verdict: 'missed',
    });
    expect(verdictOf(aims, /every operation, SQLite, 100,000 users, 1 connection: of the floor/).verdict).toBe('held');
  });

  test('the limits of reads are other ones for one connection and for 32', () => {
    const aims = judge(found({ of: { contender: 'sqlite', operation: 'read a user' }, rate: 84 }));
    expect(verdictOf(aims, /reads, SQLite, 1 connection: of the bare/).measured).toBe('read a user 0.42; 3 more hold');
    expect(verdictOf(aims, /reads, SQLite, 1 connection: of the bare/).verdict).toBe('missed');
    expect(verdictOf(aims, /reads, SQLite, 32 connections: of the bare/).verdict).toBe('held');
  });

  test('growth is from the smallest directory to the largest, in each database', () => {
    const aims = judge(found({ of: { contender: 'postgres', operation: 'create', size: 1_000_000 }, rate: 50 }));
    const grown = verdictOf(
      aims,
      /growth exponent, 1,000 users to 1,000,000, every operation, PostgreSQL, 1 connection/,
    );
    expect(grown).toEqual({ aim: '≤ 0.05', measured: 'create 0.1; 10 more hold', verdict: 'missed' });
    expect(verdictOf(aims, /growth.*SQLite, 1 connection/).verdict).toBe('held');
  });

  test('a large group may cost a fifth more than a small one', () => {
    const slower = (rate: number) =>
      judge(found({ of: { contender: 'sqlite', operation: 'add a member, big group' }, rate }));
    expect(verdictOf(slower(84), /one member/).verdict).toBe('held');
    expect(verdictOf(slower(80), /one member/)).toEqual({
      aim: '≤ 1.2',
      measured: '1 connection 1.25, 32 connections 1.25',
      verdict: 'missed',
    });
  });

  test('what a run left out is not measured, and no aim is held by it', () => {
    const nothing: Findings = { ...found(), samples: [], imports: [], starts: [], memory: [], largePuts: [] };
    expect(judge(nothing).map(({ verdict }) => verdict)).not.toContain('held');
    expect(judge({ ...found(), imports: [] }).filter(({ verdict }) => verdict === 'not measured')).toHaveLength(3);
  });

  test('an import may take as long as its pages are many; its last page and a cold one as long as its first', () => {
    const [one] = found().imports;
    const slow = {
      ...found(),
      imports: [{ ...(one as Findings['imports'][number]), seconds: 26, last: 1.3, cold: 1.25 }],
    };
    const verdicts = judge(slow).filter(({ what }) => /import of|the last pages|cold pages/.test(what));
    expect(verdicts.map(({ measured, verdict }) => [measured, verdict])).toEqual([
      ['26', 'missed'],
      ['1.3', 'missed'],
      ['1.25', 'held'],
    ]);
  });

  test('the latest answers are judged by the bare server’s, and writes by their own', () => {
    const late = found({ of: { contender: 'sqlite', inFlight: 32 }, p99: 21 });
    expect(verdictOf(judge(late), /p99 of reads/)).toMatchObject({ verdict: 'missed' });
    expect(verdictOf(judge(late), /p99 of writes/)).toMatchObject({ verdict: 'missed' });
  });
});

interface Otherwise {
  readonly of: Partial<Pick<Sample, 'contender' | 'operation' | 'size' | 'inFlight'>>;
  readonly rate?: number;
  readonly p99?: number;
}

/** A run in which the floor with history does 100 a second, the bare server 200, and every other 100. */
function found(otherwise?: Otherwise): Findings {
  const samples = OPERATIONS.flatMap(({ name: operation }) =>
    [1, 32].flatMap((inFlight) =>
      (['sqlite', 'postgres', 'history', 'floor', 'bare'] as const).flatMap((contender) =>
        (contender === 'bare' ? [0] : SIZES).map((size) => {
          const at = { operation, inFlight, contender, size };
          const is = Object.entries(otherwise?.of ?? {}).every(([key, value]) => at[key as keyof typeof at] === value);
          return sample(at, is ? otherwise : undefined);
        }),
      ),
    ),
  );
  const large = 1_000_000;
  return {
    samples,
    sizes: SIZES,
    operations: OPERATIONS,
    imports: [{ database: 'sqlite', users: large, seconds: 24, first: 1, last: 1.1, cold: 1.2 }],
    starts: [0, large].map((users) => ({ contender: 'sqlite', users, median: 240, longest: 400 })),
    memory: [{ contender: 'sqlite', users: large, heap: 100 * 2 ** 20, resident: 0 }],
    largePuts: [{ database: 'sqlite', members: 100_000, seconds: 5, p99: 200, gets: 100, longestTurn: 20 }],
  };
}

function sample(at: Omit<Sample, 'round' | 'measured'>, otherwise: Otherwise | undefined): Sample {
  const rate: Record<Contender, number> = { sqlite: 100, postgres: 100, history: 100, floor: 100, bare: 200 };
  const requests = otherwise?.rate ?? rate[at.contender];
  const p99 = otherwise?.p99 ?? 5;
  return { ...at, round: 1, measured: { requests, seconds: 1, p50: 2, p99, cpu: 1, longestTurn: 1 } };
}

function verdictOf(aims: readonly Aim[], what: RegExp): Omit<Aim, 'what'> {
  const one = aims.filter((aim) => what.test(aim.what));
  expect(one).toHaveLength(1);
  const { aim, measured, verdict } = one[0] as Aim;
  return { aim, measured, verdict };
}
