import { Worker } from 'node:worker_threads';
import type { JournalValue } from '../journal-row.ts';
import { threadUrl } from './thread-url.ts';

export type JournalRequest =
  | { readonly kind: 'keep'; readonly values: readonly JournalValue[] }
  | { readonly kind: 'sweep'; readonly before: string; readonly bytes: number };

export interface JournalReply {
  readonly error?: string;
}

export interface JournalThread {
  /** One at a time. @throws Error with the thread's words */
  ask(request: JournalRequest): Promise<void>;
  stop(): Promise<void>;
}

/** Starts the thread when it is first asked, and again should it end. */
export function startJournalThread(file: string): JournalThread {
  let worker: Worker | undefined;
  let answer: (reply: JournalReply) => void = () => undefined;

  return {
    async ask(request) {
      worker ??= start();
      const asked = worker;
      const { error } = await new Promise<JournalReply>((resolve) => {
        answer = resolve;
        asked.postMessage(request);
      });
      if (error !== undefined) throw new Error(error);
    },
    async stop() {
      const stopping = worker;
      worker = undefined;
      await stopping?.terminate();
    },
  };

  function start(): Worker {
    const started = new Worker(threadUrl('journal-thread'), { workerData: { file } });
    started.unref();
    started.on('message', (reply: JournalReply) => answer(reply));
    started.on('error', (error) => answer({ error: String(error) }));
    started.on('exit', () => {
      if (worker === started) worker = undefined;
      answer({ error: 'its thread ended' });
    });
    return started;
  }
}
