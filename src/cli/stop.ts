import { setTimeout as pause } from 'node:timers/promises';

/** What the process's signals ask of a command that serves. */
export interface Stop {
  /** The first one: to stop. */
  readonly asked: AbortSignal;
  /** While the command lets time pass before it stops, the next one ends that by aborting this. */
  pause: AbortController | undefined;
}

/** Lets the time pass, unless a signal says that nobody waits for it. */
export async function pauseBefore(stop: Stop, milliseconds: number): Promise<void> {
  if (milliseconds === 0) return;
  const ended = new AbortController();
  stop.pause = ended;
  await pause(milliseconds, undefined, { signal: ended.signal }).catch(() => undefined);
  stop.pause = undefined;
}
