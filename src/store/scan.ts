import { performance } from 'node:perf_hooks';
import { Worker } from 'node:worker_threads';
import { type Page, StoreUnavailable } from '../directory/index.ts';
import { ScimError } from '../scim/index.ts';
import type { LogEvent } from './event.ts';
import type { Search } from './search.ts';
import { translated } from './sqlite-error.ts';
import { threadUrl } from './thread-url.ts';

/** Searches that no index serves run in a thread of their own, on a connection of their own (decision 11). */
export interface Scanner {
  /** @throws ScimError tooMany past the deadline, StoreUnavailable when the thread cannot be had */
  scan(search: Search): Promise<Page>;
  close(): Promise<void>;
}

export interface ScanRequest {
  readonly number: number;
  readonly search: Search;
  readonly milliseconds: number;
}

export type ScanReply =
  | { readonly number: number; readonly kind: 'found'; readonly page: Page }
  | { readonly number: number; readonly kind: 'late' }
  | { readonly number: number; readonly kind: 'failed'; readonly reason: string; readonly errcode: number | undefined };

export interface ScannerOptions {
  readonly file: string;
  /** How long a search may take, its wait for others' included. */
  readonly milliseconds: number;
  readonly log: LogEvent;
}

const MOST_WAITING = 100;

interface Waiting {
  readonly since: number;
  readonly resolve: (page: Page) => void;
  readonly reject: (error: unknown) => void;
}

/** The thread starts with the first search. It takes them one by one. */
export function createScanner({ file, milliseconds, log }: ScannerOptions): Scanner {
  const waiting = new Map<number, Waiting>();
  let worker: Worker | undefined;
  let last = 0;

  return {
    scan(search) {
      if (waiting.size >= MOST_WAITING) throw tooMany('Too many other filters of this kind are being answered.');
      worker ??= start();
      last += 1;
      const number = last;
      return new Promise((resolve, reject) => {
        waiting.set(number, { since: performance.now(), resolve, reject });
        const request: ScanRequest = {
          number,
          search,
          milliseconds: performance.timeOrigin + performance.now() + milliseconds,
        };
        worker?.ref();
        worker?.postMessage(request);
      });
    },
    async close() {
      const stopping = worker;
      worker = undefined;
      refuseAll('the store is closing');
      await stopping?.terminate();
    },
  };

  function start(): Worker {
    const started = new Worker(threadUrl('scan-thread'), { workerData: { file } });
    started.unref();
    started.on('message', answer);
    started.on('error', (error) => stopped(started, String(error)));
    started.on('exit', () => stopped(started, 'the thread ended'));
    return started;
  }

  function answer(reply: ScanReply): void {
    const asked = waiting.get(reply.number);
    waiting.delete(reply.number);
    if (waiting.size === 0) worker?.unref();
    if (asked === undefined) return;
    switch (reply.kind) {
      case 'found':
        asked.resolve(reply.page);
        break;
      case 'failed':
        asked.reject(translated(Object.assign(new Error(reply.reason), { errcode: reply.errcode })));
        break;
      case 'late':
        log({ kind: 'scan-stopped', milliseconds: performance.now() - asked.since });
        asked.reject(tooMany('It took longer than a filter may.'));
    }
  }

  /** The next search starts another. */
  function stopped(which: Worker, reason: string): void {
    if (worker !== which) return;
    worker = undefined;
    refuseAll(reason);
  }

  function refuseAll(reason: string): void {
    for (const { reject } of waiting.values()) reject(new StoreUnavailable(reason));
    waiting.clear();
  }
}

/** RFC 7644 §3.4.2.1, table 9: the filter yields more than the server is willing to work through. */
function tooMany(why: string): ScimError {
  return ScimError.tooMany(
    `The filter compares attributes that have no index, so every resource had to be looked at. ${why} Filter by userName, externalId, id, displayName or emails.value with eq, or add such a term with "and".`,
  );
}
