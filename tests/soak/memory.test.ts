import { expect, test } from 'vitest';
import type { MeasuredServer } from './measured-server.ts';
import { watchMemory } from './memory.ts';

const MIB = 2 ** 20;

test.each([
  ['grows little', 25, 30, 0],
  ['grows much', 25, 40, 1],
  ['is large, and was before', 125, 126, 1],
  ['shrinks', 60, 30, 0],
])('a live heap that %s', async (_, first, last, faults) => {
  const heaps = [first, last];
  const server = {
    read: async () => ({ heap: (heaps.shift() ?? 0) * MIB, resident: 100 * MIB, cpu: 0, longestTurn: 0 }),
  } satisfies Pick<MeasuredServer, 'read'>;
  const memory = watchMemory(server);
  await memory.settle('first');
  await memory.settle('last');
  memory.stop();
  expect(memory.faults()).toHaveLength(faults);
  expect(memory.history()).toBe(`${first}.0 MiB → ${last}.0 MiB`);
});

test('a server that is gone when it is asked is a fault', async () => {
  const memory = watchMemory({ read: async () => undefined });
  await memory.settle('last');
  memory.stop();
  expect(memory.faults().length).toBeGreaterThan(0);
});
