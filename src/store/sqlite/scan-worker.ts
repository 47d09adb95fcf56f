import { Worker } from 'node:worker_threads';
import type { Page } from '../../directory/index.ts';
import type { Search } from './search.ts';
import { threadUrl } from './thread-url.ts';

export interface ScanRequest {
  readonly search: Search;
  /** How long it may run. */
  readonly milliseconds: number;
}

export type ScanReply =
  | { readonly kind: 'found'; readonly page: Page }
  | { readonly kind: 'late' }
  | { readonly kind: 'failed'; readonly reason: string; readonly errcode: number | undefined }
  /** The thread is gone. */
  | { readonly kind: 'ended'; readonly reason: string };

export interface ScanThread {
  /** One at a time. Never rejects. */
  ask(request: ScanRequest): Promise<ScanReply>;
  stop(): Promise<void>;
}

/** Starts the thread when it is first asked, and again should it end. It keeps the process up only while it is asked. */
export function startScanThread(file: string): ScanThread {
  let worker: Worker | undefined;
  let answer: (reply: ScanReply) => void = () => undefined;

  return {
    ask(request) {
      return new Promise((resolve) => {
        try {
          worker ??= start();
        } catch (error) {
          return resolve({ kind: 'ended', reason: String(error) });
        }
        const asked = worker;
        answer = (reply) => {
          answer = () => undefined;
          asked.unref();
          resolve(reply);
        };
        asked.ref();
        asked.postMessage(request);
      });
    },
    async stop() {
      const stopping = worker;
      worker = undefined;
      answer({ kind: 'ended', reason: 'the store is closing' });
      await stopping?.terminate();
    },
  };

  function start(): Worker {
    const started = new Worker(threadUrl('scan-thread'), { workerData: { file } });
    started.unref();
    started.on('message', (reply: ScanReply) => answer(reply));
    started.on('error', (error) => ended(started, String(error)));
    started.on('exit', () => ended(started, 'the thread ended'));
    return started;
  }

  function ended(which: Worker, reason: string): void {
    if (worker !== which) return;
    worker = undefined;
    answer({ kind: 'ended', reason });
  }
}
