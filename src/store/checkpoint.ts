import { performance } from 'node:perf_hooks';
import { type CheckpointReply, type CheckpointRequest, startCheckpointThread } from './checkpoint-worker.ts';
import type { LogEvent } from './event.ts';

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
  /** Past this the log begins again from its start, while writes wait: under steady load nothing else ends it. */
  readonly mostBytes?: number;
}

const EVERY_MS = 100;
const MOST_BYTES = 64 * 2 ** 20;
/** As much is copied while writes wait; more is copied before, while they go on. */
const SHORT_BYTES = 2 * 2 ** 20;
const MOST_PASSES = 5;
/** A read that holds the log back is not asked to move on again for so long. */
const PATIENCE_MS = 5_000;

export function createCheckpointer({ file, log, pause, mostBytes = MOST_BYTES }: CheckpointerOptions): Checkpointer {
  const thread = startCheckpointThread(file);
  let timer: NodeJS.Timeout | undefined;
  let again = false;
  let closed = false;
  let restartFrom = 0;

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
    let state = await checkpoint('passive');
    if (state.bytes > mostBytes && state.left > 0 && performance.now() > restartFrom) {
      for (let pass = 1; pass < MOST_PASSES && state.left > SHORT_BYTES; pass += 1) state = await checkpoint('passive');
      await restart(state);
    }
    timer = undefined;
    if (again && !closed) wait();
  }

  async function restart({ bytes }: CheckpointReply): Promise<void> {
    if (closed) return;
    const since = performance.now();
    const restarted = checkpoint('restart');
    pause(restarted.then(() => undefined));
    const { left } = await restarted;
    if (left > 0) restartFrom = performance.now() + PATIENCE_MS;
    log({ kind: 'checkpoint-paused', milliseconds: performance.now() - since, bytes });
  }

  async function checkpoint(request: CheckpointRequest): Promise<CheckpointReply> {
    const reply = await thread.ask(request);
    if (reply.error !== undefined) log({ kind: 'checkpoint-failed', cause: new Error(reply.error) });
    return reply;
  }
}
