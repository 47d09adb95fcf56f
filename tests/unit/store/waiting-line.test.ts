import { expect, test } from 'vitest';
import { StoreUnavailable, TooMuchWaiting } from '../../../src/directory/index.ts';
import { createWaitingLine, type WaitingLine } from '../../../src/store/waiting-line.ts';

const said = { full: 'full', late: 'late' };
const never = (): never => expect.fail('told what was not to happen');
const lineOf = (milliseconds: number): WaitingLine =>
  createWaitingLine({ room: { mostOfOneDirectory: 2, most: 3 }, milliseconds, ...said });

test('T-DOS-05 the directories take turns, and who may not begin keeps its place', () => {
  const line = lineOf(60_000);
  const gone: string[] = [];
  for (const name of ['a1', 'a2', 'b1']) line.wait(name[0] ?? '', () => gone.push(name), never);
  expect(line.letNext((directory) => directory === 'b')).toBe(true);
  expect(line.letNext(() => false)).toBe(false);
  expect([line.letNext(), line.letNext(), line.letNext()]).toEqual([true, true, false]);
  expect([gone, line.size]).toEqual([['b1', 'a1', 'a2'], 0]);
});

test('T-DOS-05 there is an end to what one directory has waiting, and to what all have', () => {
  const line = lineOf(60_000);
  const refused: unknown[] = [];
  for (const directory of ['a', 'a', 'a', 'b', 'c']) line.wait(directory, never, (why) => refused.push(why));
  expect(refused).toEqual([new TooMuchWaiting('full'), new TooMuchWaiting('full')]);
  line.close(new StoreUnavailable('closing'));
  expect(refused.slice(2)).toEqual(Array.from({ length: 3 }, () => new StoreUnavailable('closing')));
  expect([line.size, line.letNext()]).toEqual([0, false]);
});

test('whose turn does not come in time is refused, and leaves its place to others', async () => {
  const line = lineOf(20);
  const late = new Promise((_, reject) => line.wait('a', never, reject));
  await expect(late).rejects.toThrow('late');
  await expect(late).rejects.not.toBeInstanceOf(TooMuchWaiting);
  expect(line.letNext()).toBe(false);
});

test('who had its turn is not refused when its time is over', async () => {
  const line = lineOf(20);
  let refusals = 0;
  const gone = new Promise<void>((resolve) => line.wait('a', resolve, () => (refusals += 1)));
  expect(line.letNext()).toBe(true);
  await gone;
  await new Promise<void>((resolve) => line.wait('a', never, () => resolve()));
  expect([refusals, line.size]).toEqual([0, 0]);
});
