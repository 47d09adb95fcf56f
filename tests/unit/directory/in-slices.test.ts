import { afterEach, expect, test, vi } from 'vitest';
import { inSlices, turn } from '../../../src/directory/index.ts';

/** Each step of it takes a millisecond of the clock that the slices are measured by. */
let clock = 0;
vi.spyOn(performance, 'now').mockImplementation(() => clock);
afterEach(() => {
  clock = 0;
});

function* work(steps: number): Generator<void, number> {
  for (let step = 0; step < steps; step += 1) {
    clock += 1;
    yield;
  }
  return steps;
}

/** How much of the clock went by in each turn of the event loop until all is done. */
async function turnsOf(all: readonly Promise<unknown>[]): Promise<number[]> {
  let isOver = false;
  void Promise.all(all).then(() => {
    isOver = true;
  });
  const turns: number[] = [];
  while (!isOver) {
    const before = clock;
    await turn();
    turns.push(clock - before);
  }
  return turns;
}

test('something long is done in slices, and comes to its end', async () => {
  const long = inSlices(work(41));
  expect(Math.max(...(await turnsOf([long])))).toBeLessThanOrEqual(5);
  expect(await long).toBe(41);
});

test('T-DOS-05 however many are long at once, a turn of the event loop is no longer', async () => {
  const turns = await turnsOf(Array.from({ length: 96 }, () => inSlices(work(20), 'noisy')));
  expect(clock).toBe(96 * 20);
  expect(Math.max(...turns)).toBeLessThanOrEqual(5);
});

test('T-DOS-05 the directories take turns: one that is long waits for one of another at a time', async () => {
  const noisy = Array.from({ length: 96 }, () => inSlices(work(20), 'noisy'));
  await inSlices(work(20), 'quiet');
  expect(clock).toBeLessThan(4 * 20);
  await Promise.all(noisy);
});

test('what is short shares a turn with others', async () => {
  const turns = await turnsOf(Array.from({ length: 40 }, () => inSlices(work(1))));
  expect(turns.filter((spent) => spent > 0).length).toBeLessThanOrEqual(10);
});

test('one that throws keeps nobody else from going on', async () => {
  const broken = inSlices(
    (function* (): Generator<void, never> {
      yield;
      throw new Error('broken');
    })(),
  );
  await Promise.all([expect(broken).rejects.toThrow('broken'), expect(inSlices(work(10))).resolves.toBe(10)]);
  expect(await inSlices(work(1))).toBe(1);
});
