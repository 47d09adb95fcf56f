import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { StoreUnavailable, TooMuchWaiting } from '../../../src/directory/index.ts';
import { createClientsInTurn } from '../../../src/store/postgres/clients-in-turn.ts';

test('T-DOS-05 the directories take turns with the clients: who asks once waits for one at most', async () => {
  const clients = createClientsInTurn({ size: 1, waitMilliseconds: 10_000 });
  const order: string[] = [];
  const work = async (name: string): Promise<void> => {
    await clients.take(name[0] ?? '');
    await sleep(1);
    order.push(name);
    clients.giveBack();
  };
  await Promise.all(['a1', 'a2', 'a3', 'a4', 'b1', 'c1', 'c2'].map(work));
  expect(order).toEqual(['a1', 'a2', 'b1', 'c1', 'a3', 'c2', 'a4']);
  expect(clients.waiting()).toBe(0);
});

test('so many are out at once, and what waits too long is unavailable, and leaves its place', async () => {
  const clients = createClientsInTurn({ size: 2, waitMilliseconds: 30 });
  expect([clients.take('a'), clients.take('a')]).toEqual([undefined, undefined]);
  const late = clients.take('a');
  expect(clients.waiting()).toBe(1);
  await expect(late).rejects.toBeInstanceOf(StoreUnavailable);
  await expect(late).rejects.not.toBeInstanceOf(TooMuchWaiting);
  expect(clients.waiting()).toBe(0);
  clients.giveBack();
  expect(clients.take('b')).toBeUndefined();
});

test('T-DOS-05 there is an end to what one directory has waiting; another has room', async () => {
  const clients = createClientsInTurn({ size: 1, waitMilliseconds: 10_000 });
  void clients.take('a');
  const waiting = Array.from({ length: 2_000 }, () => clients.take('a'));
  await expect(clients.take('a')).rejects.toBeInstanceOf(TooMuchWaiting);
  const quiet = clients.take('b');
  expect(clients.waiting()).toBe(2_001);
  for (let index = 0; index < 2_001; index += 1) clients.giveBack();
  await Promise.all([...waiting, quiet]);
});
