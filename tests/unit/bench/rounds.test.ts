import { expect, test } from 'vitest';
import type { Gauged } from '../../../bench/measured.ts';
import { visitInRounds } from '../../../bench/rounds.ts';

const bare: Gauged = {
  server: { name: 'bare', port: 0, pid: 0, authorization: '', base: '' },
  gauge: { read: () => Promise.reject(new Error('nothing is measured')) },
  stop: () => Promise.resolve(),
};

async function saidUntil(until: number): Promise<readonly string[]> {
  const said: string[] = [];
  const say = (line: string) => void said.push(line);
  await visitInRounds({ worlds: [], bare, operations: [], rounds: 7, milliseconds: 40, until, say });
  return said;
}

test('a bench that has no time left ends after three rounds, and says so; one that has makes all of them', async () => {
  expect(await saidUntil(0)).toEqual([
    'warmed up',
    'round 1 of 7 done',
    'round 2 of 7 done',
    'round 3 of 7 done',
    'no time for more than 3 rounds',
  ]);
  expect((await saidUntil(Number.POSITIVE_INFINITY)).at(-1)).toBe('round 7 of 7 done');
});
