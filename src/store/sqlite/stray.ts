import type { Done, Job } from './job.ts';

export interface StrayGuard {
  /** Settles, as failed, when the job lets a turn of the event loop pass. */
  during(job: Job): Promise<Done>;
  end(): void;
}

/**
 * Watches the jobs of a batch: they run within one turn of the event loop, so a turn that comes while one is unfinished
 * means that it awaited something else than the store. It alone is undone, and what it does later is refused.
 */
export function guardAgainstStrays(onStray: () => void): StrayGuard {
  let current: { readonly job: Job; readonly settle: (done: Done) => void } | undefined;
  let turn: NodeJS.Immediate;
  watch();
  return {
    during: (job) =>
      new Promise((settle) => {
        current = { job, settle };
      }),
    end: () => clearImmediate(turn),
  };

  function watch(): void {
    turn = setImmediate(() => {
      watch();
      if (current === undefined) return;
      current.job.scope.live = false;
      onStray();
      current.settle({ failed: true, error: new Error('a write awaited something that is not the store') });
    });
  }
}
