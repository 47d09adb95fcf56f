import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { turn } from '../../../src/directory/index.ts';
import { BOUNDS, createGate, type Gate, type GateBounds, type Visit } from '../../../src/provisioning/gate.ts';
import { ScimError } from '../../../src/scim/index.ts';

const SMALL: GateBounds = { atOnce: 2, waiting: 3, allWaiting: 6, always: 1, turnMilliseconds: 1_000 };

interface Asked {
  readonly visit: Visit;
  readonly waits: boolean;
  begun: boolean;
}

function ask(gate: Gate, directory: string): Asked {
  const visit = gate.enter(directory);
  const waiting = visit.begin();
  const asked: Asked = { visit, waits: waiting !== undefined, begun: waiting === undefined };
  void waiting?.then(() => {
    asked.begun = true;
  });
  return asked;
}

function refused(gate: Gate, directory: string): ScimError {
  try {
    ask(gate, directory);
  } catch (error) {
    if (error instanceof ScimError) return error;
  }
  throw new Error('it was not refused');
}

const begun = (all: readonly Asked[]): boolean[] => all.map((each) => each.begun);
const many = (gate: Gate, directory: string, count: number): Asked[] =>
  Array.from({ length: count }, () => ask(gate, directory));

test('what finds room begins at once, and its end makes room', async () => {
  const gate = createGate(SMALL);
  const [a, b, c] = many(gate, 'acme', 3) as [Asked, Asked, Asked];
  expect([a.waits, b.waits, c.waits]).toEqual([false, false, true]);
  await turn();
  expect(c.begun).toBe(false);
  a.visit.end();
  // The end of one is the beginning of one, however often it is told.
  a.visit.end();
  const d = ask(gate, 'acme');
  await turn();
  await turn();
  expect(begun([c, d])).toEqual([true, false]);
});

test('T-DOS-05 what finds none is refused with 429, whole seconds, and what is to be done; another directory has room', async () => {
  const gate = createGate(SMALL);
  const first = many(gate, 'acme', 5);
  const error = refused(gate, 'acme');
  expect(error).toMatchObject({ status: 429, headers: { 'retry-after': expect.stringMatching(/^[1-9]\d?$/) } });
  expect(error.detail).toMatch(
    /^This directory has 3 requests waiting, the most .+ nothing of this one was done\. Send/,
  );
  expect(() => gate.enter('acme')).toThrow(ScimError);
  expect(ask(gate, 'globex').waits).toBe(false);
  for (const { visit } of first.slice(0, 2)) visit.end();
  await turn();
  expect(begun(first)).toEqual([true, true, true, true, false]);
  expect(ask(gate, 'acme').waits).toBe(true);
});

test('T-DOS-05 of all directories there is an end as well, and who has none waiting is taken all the same', () => {
  const gate = createGate(SMALL);
  for (const directory of ['a', 'b']) many(gate, directory, 5);
  const c = many(gate, 'c', 2);
  expect(begun(c)).toEqual([true, true]);
  expect(ask(gate, 'c').waits).toBe(true);
  // What others send is not this one's to mend.
  expect(refused(gate, 'c').detail).toMatch(
    /^As many requests of all directories are waiting as may.+, tell support\.$/,
  );
  expect(ask(gate, 'd').waits).toBe(false);
});

test('who comes while others of the directory wait comes after them', async () => {
  const gate = createGate({ ...SMALL, atOnce: 1 });
  const [a, b] = many(gate, 'acme', 2) as [Asked, Asked];
  a.visit.end();
  const c = ask(gate, 'acme');
  await turn();
  expect(begun([b, c])).toEqual([true, false]);
});

test('one that never began takes no place, and leaves none', () => {
  const gate = createGate({ ...SMALL, atOnce: 1 });
  gate.enter('acme').end();
  const a = ask(gate, 'acme');
  expect(a.waits).toBe(false);
  gate.enter('acme').end();
  expect(ask(gate, 'acme').waits).toBe(true);
});

describe('T-DOS-05 requests begin for a bounded time in a turn of the event loop, and the first of each directory', () => {
  const none = { ...BOUNDS, turnMilliseconds: 0 };

  test('two hundred of one and one of another: it begins at once, and so does the first of the next turn', async () => {
    const gate = createGate(none);
    const noisy = many(gate, 'noisy', 200);
    const quiet = ask(gate, 'quiet');
    expect(quiet.waits).toBe(false);
    expect(begun(noisy).filter(Boolean)).toHaveLength(1);
    quiet.visit.end();
    await turn();
    expect(ask(gate, 'quiet').waits).toBe(false);
    expect(begun(noisy).filter(Boolean)).toHaveLength(2);
  });

  test('who has ended all that it began in a turn has no second turn in it', async () => {
    const gate = createGate(none);
    const all = Array.from({ length: 5 }, () => {
      const asked = ask(gate, 'noisy');
      if (asked.begun) asked.visit.end();
      return asked;
    });
    expect(begun(all)).toEqual([true, false, false, false, false]);
    await turn();
    const later = ask(gate, 'noisy');
    expect(later.begun).toBe(false);
  });

  test('what waits is taken in turns, and all of it in the end', async () => {
    const gate = createGate(none);
    const order: string[] = [];
    const asked = (name: string): Promise<void> => {
      const visit = gate.enter(name[0] ?? '');
      return Promise.resolve(visit.begin()).then(() => {
        order.push(name);
        visit.end();
      });
    };
    await Promise.all(['a1', 'a2', 'a3', 'a4', 'b1', 'b2', 'c1', 'c2'].map(asked));
    expect(order).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'c2', 'a3', 'a4']);
  });

  test('one after the other, each as far as it comes without waiting: the time of a turn is what they take', async () => {
    const gate = createGate({ ...BOUNDS, turnMilliseconds: 20 });
    const work = async (): Promise<void> => {
      const visit = gate.enter('acme');
      await visit.begin();
      for (let hop = 0; hop < 20; hop += 1) await undefined;
      for (const until = performance.now() + 15; performance.now() < until; );
      done += 1;
      visit.end();
    };
    let done = 0;
    const all = Array.from({ length: 8 }, () => work());
    const seen: number[] = [];
    while (done < 8) {
      const before = done;
      await turn();
      seen.push(done - before);
    }
    await Promise.all(all);
    // Two of 15 ms are past 20, and all of them begin at once before any has taken its time.
    expect(Math.max(...seen.slice(1), 0)).toBeLessThanOrEqual(2);
  });

  test('who is worked on as much as may be keeps nobody else waiting, nor the event loop awake', async () => {
    const gate = createGate({ ...BOUNDS, atOnce: 2 });
    const noisy = many(gate, 'noisy', 50);
    const others = ['b', 'c', 'd', 'e', 'f'].map((directory) => ask(gate, directory));
    await turn();
    expect(begun(noisy).filter(Boolean)).toHaveLength(2);
    expect(begun(others)).toEqual([true, true, true, true, true]);
    // What the gates of other tests still let go: one a turn.
    for (let nth = 0; nth < 500; nth += 1) await turn();
    // One that stayed awake would set one in each turn beside the test's own; what runs the tests sets a few too.
    const set = vi.spyOn(globalThis, 'setImmediate');
    for (let nth = 0; nth < 100; nth += 1) await turn();
    expect(set.mock.calls.length).toBeLessThan(150);
    set.mockRestore();
  });
});

describe('at the usual bounds', () => {
  test('hundreds of one directory are taken, as identity providers send some dozens at once', async () => {
    const gate = createGate();
    // None but the first may begin in the turn that they come in: on a busy machine it is over before the second.
    const all = many(gate, 'acme', 1 + 512);
    while (begun(all).filter(Boolean).length < 128) await turn();
    all.push(...many(gate, 'acme', 127));
    expect(() => ask(gate, 'acme')).toThrow(ScimError);
    for (const { visit } of all) {
      visit.end();
      await turn();
    }
    expect(new Set(begun(all))).toEqual(new Set([true]));
    expect(ask(gate, 'acme').waits).toBe(false);
  });

  test('T-DOS-05 with twenty full directories, one that sends 25 a second begins at once', async () => {
    const gate = createGate();
    const running: Visit[] = [];
    const press = (directory: string): void => {
      try {
        const { visit } = ask(gate, directory);
        running.push(visit);
      } catch (error) {
        expect(error).toMatchObject({ status: 429 });
      }
    };
    for (let round = 0; round < 40; round += 1) {
      for (let n = 0; n < 20; n += 1) for (let k = 0; k < 64; k += 1) press(`noisy${n}`);
      const quiet = ask(gate, 'quiet');
      expect(quiet.waits).toBe(false);
      await turn();
      quiet.visit.end();
      // Fewer end than come: everything that may wait does.
      for (const visit of running.splice(0, 50)) visit.end();
    }
  });
});

test('Retry-After grows with what waits, and has an end', async () => {
  const slow = createGate({ ...SMALL, waiting: 70_000, allWaiting: 1_000_000 });
  const all = many(slow, 'acme', 70_002);
  const error = refused(slow, 'acme');
  expect(Number(error.headers['retry-after'])).toBe(60);
  expect(all.filter((each) => each.begun)).toHaveLength(2);
});

describe('Retry-After goes by how fast the directory is served now', () => {
  let clock = 0;
  beforeEach(() => {
    clock = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => clock);
  });
  afterEach(() => void vi.restoreAllMocks());

  const bounds = { ...SMALL, waiting: 300, allWaiting: 1_000 };
  const secondsOf = (error: ScimError): number => Number(error.headers['retry-after']);

  /** So many end, one every so many milliseconds. */
  async function serve(all: Asked[], count: number, every: number): Promise<void> {
    for (let nth = 0; nth < count; nth += 1) {
      const at = all.findIndex((each) => each.begun);
      clock += every;
      for (const { visit } of all.splice(at, 1)) visit.end();
      await turn();
    }
  }

  test('and not by how few it sent while nothing waited', async () => {
    const gate = createGate(bounds);
    // One that takes long, so that the directory is never gone.
    ask(gate, 'acme');
    const first = many(gate, 'acme', 2);
    await serve(first, 2, 10);
    clock += 600_000;
    many(gate, 'acme', 301);
    expect(secondsOf(refused(gate, 'acme'))).toBeLessThanOrEqual(3);
  });

  test('nor by how slowly it went before', async () => {
    const gate = createGate(bounds);
    const all = many(gate, 'acme', 302);
    await serve(all, 10, 10_000);
    await serve(all, 250, 10);
    many(gate, 'acme', 260);
    expect(secondsOf(refused(gate, 'acme'))).toBe(3);
  });
});
