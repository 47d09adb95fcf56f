import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createFairQueue, type FairQueue } from '../../../src/directory/index.ts';

const ROOM = { mostOfOneDirectory: 1_000, most: 10_000 };

function filled(words: string, room = ROOM): FairQueue<string> {
  const queue = createFairQueue<string>(room);
  for (const word of words.split(' ')) queue.add(word[0] ?? '', word);
  return queue;
}

function all(queue: FairQueue<string>): string[] {
  const taken: string[] = [];
  for (let one = queue.next(); one !== undefined; one = queue.next()) taken.push(one);
  return taken;
}

describe('T-DOS-05 the directories take turns', () => {
  test('each in its order, however much another has', () => {
    expect(all(filled('a1 a2 a3 a4 b1 b2 c1'))).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'a3', 'a4']);
  });

  test('who had the last turn comes after who came while it lasted, though it had nothing else then', () => {
    const queue = filled('a1');
    expect(queue.next()).toBe('a1');
    for (const word of ['a2', 'b1', 'c1']) queue.add(word[0] ?? '', word);
    expect(all(queue)).toEqual(['b1', 'c1', 'a2']);
  });

  test('what may not begin keeps its turn', () => {
    const queue = filled('a1 b1 b2');
    expect(queue.next((directory) => directory !== 'a')).toBe('b1');
    expect(queue.next((directory) => directory !== 'a')).toBe('b2');
    expect(queue.next((directory) => directory !== 'a')).toBeUndefined();
    expect(all(queue)).toEqual(['a1']);
  });

  test('there is an end to what waits, of one and of all', () => {
    const queue = filled('a1 a2 a3 b1 b2 c1', { mostOfOneDirectory: 2, most: 4 });
    expect(queue.size).toBe(4);
    expect([queue.sizeOf('a'), queue.sizeOf('b'), queue.sizeOf('c')]).toEqual([2, 2, 0]);
    expect(all(queue)).toEqual(['a1', 'b1', 'a2', 'b2']);
  });
});

test('what stands first and is over is taken from each directory', () => {
  const queue = filled('a1 a2 a9 a3 b9 b1 c1 c2');
  expect(queue.removeWhile((word) => Number(word[1]) < 5)).toEqual(['a1', 'a2', 'c1', 'c2']);
  expect(queue.size).toBe(4);
  expect(all(queue)).toEqual(['a9', 'b9', 'a3', 'b1']);
});

test('all that waits is taken at once', () => {
  const queue = filled('a1 a2 b1');
  expect(queue.clear()).toEqual(['a1', 'a2', 'b1']);
  expect(queue.size).toBe(0);
  queue.add('b', 'b2');
  expect(all(queue)).toEqual(['b2']);
});

test('a queue is what a plain one would be: whatever comes and goes, the next is the oldest of whoever waited longest', () => {
  const directory = fc.constantFrom('a', 'b', 'c', 'd');
  const step = fc.oneof(
    { weight: 5, arbitrary: fc.record({ kind: fc.constant('add' as const), directory }) },
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('next' as const), kept: fc.option(directory) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('first' as const) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('remove' as const), directory, nth: fc.nat(3) }) },
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 400 }), (steps) => {
      const queue = createFairQueue<string>({ mostOfOneDirectory: 80, most: 200 });
      let model: [directory: string, own: string[]][] = [];
      let last: string | undefined;
      let made = 0;
      const turn = (): void => {
        const own = model.find(([name]) => name === last);
        if (own !== undefined) model = [...model.filter((each) => each !== own), own];
        last = undefined;
      };
      const swept = (): void => {
        model = model.filter(([, own]) => own.length > 0);
      };
      for (const each of steps) {
        if (each.kind === 'add') {
          const word = `${each.directory}${++made}`;
          const own = model.find(([name]) => name === each.directory);
          const room = (own?.[1].length ?? 0) < 80 && model.flatMap(([, own]) => own).length < 200;
          expect(queue.add(each.directory, word)).toBe(room);
          if (!room) continue;
          if (own === undefined) model.push([each.directory, [word]]);
          else own[1].push(word);
        } else if (each.kind === 'next') {
          turn();
          const found = model.find(([name]) => name !== each.kept);
          expect(queue.next((name) => name !== each.kept)).toBe(found?.[1].shift());
          last = found?.[0] ?? last;
          swept();
        } else if (each.kind === 'first') {
          turn();
          expect(queue.first()).toBe(model[0]?.[1][0]);
        } else {
          const own = model.find(([name]) => name === each.directory)?.[1] ?? [];
          const word = own[each.nth] ?? 'none';
          queue.remove(each.directory, word);
          if (own.includes(word)) own.splice(own.indexOf(word), 1);
          swept();
        }
        expect(queue.size).toBe(model.flatMap(([, own]) => own).length);
      }
    }),
    { numRuns: 300 },
  );
});
