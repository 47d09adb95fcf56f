import { performance } from 'node:perf_hooks';
import { Worker } from 'node:worker_threads';
import type { LogEvent } from './event.ts';
import { threadUrl } from './thread-url.ts';

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
}

export type CheckpointRequest = 'passive' | 'truncate';

export interface CheckpointReply {
  /** What is left in the log. */
  readonly bytes: number;
  readonly error?: string;
}

const EVERY_MS = 100;
/** Past this the log is emptied while writes wait: under steady load a passive checkpoint never gets to its end. */
const MOST_BYTES = 64 * 2 ** 20;

export function createCheckpointer({ file, log, pause }: CheckpointerOptions): Checkpointer {
  let worker: Worker | undefined;
  let timer: NodeJS.Timeout | undefined;
  let asked: { resolve: (reply: CheckpointReply) => void } | undefined;
  let again = false;
  let closed = false;

  return {
    committed() {
      again = true;
      if (timer === undefined && !closed) wait();
    },
    async close() {
      closed = true;
      clearTimeout(timer);
      const stopping = worker;
      worker = undefined;
      asked?.resolve({ bytes: 0 });
      await stopping?.terminate();
    },
  };

  function wait(): void {
    timer = setTimeout(() => void work(), EVERY_MS);
    timer.unref();
  }

  async function work(): Promise<void> {
    again = false;
    const { bytes } = await ask('passive');
    if (bytes > MOST_BYTES && !closed) await empty(bytes);
    timer = undefined;
    if (again && !closed) wait();
  }

  async function empty(bytes: number): Promise<void> {
    const since = performance.now();
    const emptied = ask('truncate');
    pause(emptied.then(() => undefined));
    await emptied;
    log({ kind: 'checkpoint-paused', milliseconds: performance.now() - since, bytes });
  }

  async function ask(request: CheckpointRequest): Promise<CheckpointReply> {
    worker ??= start();
    const reply = await new Promise<CheckpointReply>((resolve) => {
      asked = { resolve };
      worker?.postMessage(request);
    });
    if (reply.error !== undefined) log({ kind: 'checkpoint-failed', cause: new Error(reply.error) });
    return reply;
  }

  function start(): Worker {
    const started = new Worker(threadUrl('checkpoint-thread'), { workerData: { file } });
    started.unref();
    started.on('message', (reply: CheckpointReply) => asked?.resolve(reply));
    started.on('error', (error) => asked?.resolve({ bytes: 0, error: String(error) }));
    started.on('exit', () => {
      if (worker === started) worker = undefined;
      asked?.resolve({ bytes: 0 });
    });
    return started;
  }
}
