import { createFairQueue } from './fair-queue.ts';

/** What is long has so much of a turn of the event loop, all of it together. */
const SLICE_MS = 4;

/** What waits for its next slice. */
const waiting = createFairQueue<() => void>({
  mostOfOneDirectory: Number.POSITIVE_INFINITY,
  most: Number.POSITIVE_INFINITY,
});
let isTurnSet = false;
/** When this turn's share is spent. */
let until = 0;

/**
 * Takes all steps of something long; whenever some milliseconds have gone by, other requests have their turn first. However
 * many are long at once, a turn has one share for them: the directories take turns. Without a directory it is the instance's own.
 */
export async function inSlices<T>(steps: Iterator<void, T>, directory = ''): Promise<T> {
  // Much may have been done in this turn already.
  await slice(directory);
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done) return step.value;
    if (performance.now() >= until) await slice(directory);
  }
}

function slice(directory: string): Promise<void> {
  return new Promise((resolve) => {
    waiting.add(directory, resolve);
    setTurn();
  });
}

function setTurn(): void {
  if (isTurnSet) return;
  isTurnSet = true;
  setImmediate(() => {
    until = performance.now() + SLICE_MS;
    next();
  });
}

/** One after the other, each as far as it comes without waiting. */
function next(): void {
  waiting.next()?.();
  queueMicrotask(() => process.nextTick(goOn));
}

function goOn(): void {
  if (waiting.size > 0 && performance.now() < until) {
    next();
    return;
  }
  isTurnSet = false;
  if (waiting.size > 0) setTurn();
}
