import { Worker } from 'node:worker_threads';
import { threadUrl } from './thread-url.ts';

/** `passive` takes what it can without making anyone wait; `restart` waits for reads, and lets the log begin again. */
export type CheckpointRequest = 'passive' | 'restart';

export interface CheckpointReply {
  /** The length of the log. */
  readonly bytes: number;
  /** Of what was in it at the beginning: how much is not in the database, or is still being read. */
  readonly left: number;
  readonly error?: string;
}

export interface CheckpointThread {
  /** One at a time. Never rejects. */
  ask(request: CheckpointRequest): Promise<CheckpointReply>;
  stop(): Promise<void>;
}

const NOTHING: CheckpointReply = { bytes: 0, left: 0 };

/** Starts the thread when it is first asked, and again should it end; once it is stopped, there is nothing to do any more. */
export function startCheckpointThread(file: string): CheckpointThread {
  let worker: Worker | undefined;
  let answer: (reply: CheckpointReply) => void = () => undefined;
  let stopped = false;

  return {
    ask(request) {
      if (stopped) return Promise.resolve(NOTHING);
      worker ??= start();
      const asked = worker;
      return new Promise((resolve) => {
        answer = resolve;
        asked.postMessage(request);
      });
    },
    async stop() {
      stopped = true;
      const stopping = worker;
      worker = undefined;
      answer(NOTHING);
      await stopping?.terminate();
    },
  };

  function start(): Worker {
    const started = new Worker(threadUrl('checkpoint-thread'), { workerData: { file } });
    started.unref();
    started.on('message', (reply: CheckpointReply) => answer(reply));
    started.on('error', (error) => answer({ ...NOTHING, error: String(error) }));
    started.on('exit', () => {
      if (worker === started) worker = undefined;
      answer(NOTHING);
    });
    return started;
  }
}
