import { turn } from './turn.ts';

/** Others wait for no longer than this and one step. */
const SLICE_MS = 4;

/** Takes all steps of something long; whenever some milliseconds have gone by, other requests have their turn first. */
export async function inSlices<T>(steps: Iterator<void, T>): Promise<T> {
  // Much may have been done in this turn already.
  await turn();
  let until = performance.now() + SLICE_MS;
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done) return step.value;
    if (performance.now() < until) continue;
    await turn();
    until = performance.now() + SLICE_MS;
  }
}
