/**
 * Every statement leads with the directory, so an index always serves it better than reading what all customers have,
 * whatever the statistics of a young table say. Compiling a plan takes longer than any of ours runs.
 */
export const SESSION_SETTINGS: Readonly<Record<string, string>> = {
  enable_seqscan: 'off',
  jit: 'off',
  synchronous_commit: 'on',
  timezone: 'UTC',
};

/** How long a statement, a wait for a lock, and a transaction in which nothing happens may take, in milliseconds. */
export const REQUEST_TIMEOUTS = {
  statement_timeout: 30_000,
  lock_timeout: 5_000,
  idle_in_transaction_session_timeout: 120_000,
} as const;
