import type { Failure } from '../directory/index.ts';

/** A subject whose latest provisioning call was refused, with its latest words. */
export interface FailureRow extends Omit<Failure, 'at'> {
  readonly first: string;
  readonly last: string;
  readonly times: number;
}

/** More are nobody's to read; a provider that is set up wrongly, or meant badly, must not fill the disk. */
export const MOST_FAILURES = 10_000;
/** Finding the oldest walks past the others in an index, so it is done once for so many new rows. */
export const FAILURES_A_LOOK = 100;
export const GONE_DAYS = 30;
