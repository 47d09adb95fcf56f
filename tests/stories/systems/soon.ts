import { strict as assert } from 'node:assert';
import { setTimeout as pause } from 'node:timers/promises';
import type { Task } from '../../../src/idp/okta/okta.ts';

/** What another process did is known to a server within five seconds (decision 9). */
const WITHIN_MS = 10_000;

export async function soon(holds: () => Promise<boolean>): Promise<void> {
  for (const since = performance.now(); !(await holds()); await pause(50)) {
    assert.ok(performance.now() - since < WITHIN_MS, `it did not come to that within ${WITHIN_MS / 1000} s`);
  }
}

/** Resolves to what Okta was told when the task is refused in these words. */
export async function refusedSoon(task: () => Task, words: RegExp = /./): Promise<string> {
  let said: string | undefined;
  await soon(async () => {
    said = await task();
    return said !== undefined && words.test(said);
  });
  return said ?? '';
}
