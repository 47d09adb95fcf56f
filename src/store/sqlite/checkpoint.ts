import { performance } from 'node:perf_hooks';
import type { LogEvent } from '../event.ts';
import { type CheckpointReply, type CheckpointRequest, startCheckpointThread } from './checkpoint-worker.ts';

/** Moves what is in the log into the database, in a thread of its own (decision 10). */
export interface Checkpointer {
  /** After each commit: something is in the log. */
  committed(): void;
  close(): Promise<void>;
}

export interface CheckpointerOptions {
  readonly file: string;
  readonly log: LogEvent;
  /** Holds the next write back until this has settled. */
  readonly pause: (until: Promise<void>) => void;
  /** Ends the long reads. Resolves when none is left; none begins until the function is called that it resolves with. */
  readonly holdReads: () => Promise<() => void>;
  /** Past this the log begins again from its start, while writes wait: under steady load nothing else ends it. */
  readonly mostBytes?: number;
}

/** Seldom enough that pages which change again and again are copied once; the log is bounded by its size. */
const EVERY_MS = 1_000;
const MOST_BYTES = 64 * 2 ** 20;
/** What a pass as short as this leaves behind is copied while writes wait; before, they go on. */
const SHORT_MS = 20;
const MOST_PASSES = 5;
/** Shorter pauses are nobody's concern. */
const NOTICED_MS = 100;
/** A read that holds the log back is not asked to move on again for so long. */
const PATIENCE_MS = 5_000;
/** A log that is so many times too long ends the reads that hold it back: it would fill the disk. */
const FAR_TOO_LONG = 4;

export function createCheckpointer(options: CheckpointerOptions): Checkpointer {
  const { file, log, pause, holdReads, mostBytes = MOST_BYTES } = options;
  const thread = startCheckpointThread(file);
  let timer: NodeJS.Timeout | undefined;
  let again = false;
  let closed = false;
  let restartFrom = 0;
  let holdFrom = 0;

  return {
    committed() {
      again = true;
      if (timer === undefined && !closed) wait();
    },
    async close() {
      closed = true;
      clearTimeout(timer);
      await thread.stop();
    },
  };

  function wait(): void {
    timer = setTimeout(() => void work(), EVERY_MS);
    timer.unref();
  }

  async function work(): Promise<void> {
    again = false;
    const { bytes } = await checkpoint('passive');
    if (bytes > FAR_TOO_LONG * mostBytes && performance.now() > holdFrom) await restartWithoutReads(bytes);
    else if (bytes > mostBytes && performance.now() > restartFrom) await restart(bytes);
    timer = undefined;
    if (again && !closed) wait();
  }

  async function restartWithoutReads(bytes: number): Promise<void> {
    const resume = await holdReads();
    if (!closed) await restart(bytes);
    resume();
    // What holds it back now is another process: it cannot be ended, and the reads here are not to pay for it.
    holdFrom = performance.now() + PATIENCE_MS;
  }

  async function restart(bytes: number): Promise<void> {
    for (let pass = 1, since = 0; pass < MOST_PASSES && performance.now() - since > SHORT_MS; pass += 1) {
      since = performance.now();
      await checkpoint('passive');
    }
    if (closed) return;
    const since = performance.now();
    const restarted = checkpoint('restart');
    pause(restarted.then(() => undefined));
    const { left } = await restarted;
    if (left > 0) restartFrom = performance.now() + PATIENCE_MS;
    const milliseconds = performance.now() - since;
    if (milliseconds > NOTICED_MS) log({ kind: 'checkpoint-paused', milliseconds, bytes });
  }

  async function checkpoint(request: CheckpointRequest): Promise<CheckpointReply> {
    const reply = await thread.ask(request);
    if (reply.error !== undefined) log({ kind: 'checkpoint-failed', cause: new Error(reply.error) });
    return reply;
  }
}
