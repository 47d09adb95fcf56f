const MiB = 1024 * 1024;

/** What one client may take, so that something is left for the others (T-DOS-04). */
export interface HttpLimits {
  /** Until the head of a request has arrived. */
  readonly headMs: number;
  /** Until all of a request has arrived. */
  readonly requestMs: number;
  /** How often it is looked whether a request takes longer. */
  readonly lookMs: number;
  /** How long a connection is kept on which nothing is asked. */
  readonly idleMs: number;
  /** How long nothing at all may move on a connection while something should, as when a client does not read. */
  readonly stalledMs: number;
  /** Until a long reply must have been read. */
  readonly replyMs: number;
  /** How long a client that was refused in the middle of its body may go on sending before it is cut off. */
  readonly lingerMs: number;
  /** How long what began may take to finish when the server stops. */
  readonly closeMs: number;
  /** Of the bodies that are read at once, over the whole server. */
  readonly bodyBytes: number;
  /** The part of them that one directory may have. */
  readonly directoryBodyBytes: number;
}

/** Well below what an identity provider waits (Okta: 60 s for a reply); an upload of 32 MiB gets two minutes. */
export const LIMITS: HttpLimits = {
  headMs: 20_000,
  requestMs: 120_000,
  lookMs: 5_000,
  // Longer than the minute that load balancers keep idle connections for, so that they close first.
  idleMs: 72_000,
  stalledMs: 120_000,
  replyMs: 300_000,
  lingerMs: 1_000,
  closeMs: 10_000,
  bodyBytes: 256 * MiB,
  directoryBodyBytes: 96 * MiB,
};
