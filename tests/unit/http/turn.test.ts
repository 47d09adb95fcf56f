import { expect, test } from 'vitest';
import { endOfTurn } from '../../../src/http/turn.ts';

test('what comes in within one turn of the event loop has one end, and what comes after that another', async () => {
  const order: string[] = [];
  const end = endOfTurn();
  setImmediate(() => order.push('next'));
  await Promise.resolve();
  expect(endOfTurn()).toBe(end);
  await end;
  order.push('ended');
  expect(endOfTurn()).not.toBe(end);
  await endOfTurn();
  expect(order).toEqual(['ended', 'next']);
});
