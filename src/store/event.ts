/** What the operator's log is told. Nothing here holds a value that a client sent. */
export type StoreEvent =
  /** Another process held the write lock for longer than one try. */
  | { readonly kind: 'write-waited'; readonly milliseconds: number }
  /** A commit failed: so many writes were answered with "unavailable". */
  | { readonly kind: 'commit-failed'; readonly writes: number; readonly cause: unknown }
  /** A write awaited something that is not the store, and was undone: a defect of the caller. */
  | { readonly kind: 'write-strayed' }
  /** Writes stood still until the log was empty again. */
  | { readonly kind: 'checkpoint-paused'; readonly milliseconds: number; readonly bytes: number }
  /** A checkpoint, or the thread that does them, failed; the log grows until one succeeds. */
  | { readonly kind: 'checkpoint-failed'; readonly cause: unknown }
  /** The log had grown too long, and replies that were read slowly held it back. */
  | { readonly kind: 'replies-broken-off'; readonly replies: number }
  /** What was stored before is found by an attribute that was declared indexed (`''`: is folded as it is declared now). */
  | { readonly kind: 'keys-filled'; readonly application: string; readonly type: string; readonly attribute: string }
  /** It could not be filled in, and is tried again. */
  | { readonly kind: 'fill-failed'; readonly cause: unknown }
  /** Changes could not be given their places in history, and are tried again. */
  | { readonly kind: 'sequencing-failed'; readonly cause: unknown }
  /** History that is too old could not be forgotten, and is tried again. */
  | { readonly kind: 'forgetting-failed'; readonly cause: unknown }
  /** Tables could not be looked at; plans go by what was known of them before. */
  | { readonly kind: 'analyze-failed'; readonly cause: unknown }
  /** A connection to the database was lost, and is made again when it is needed. */
  | { readonly kind: 'connection-lost'; readonly cause: unknown }
  /** What other processes revoke is not heard of at once, until it is connected again: it is asked about instead. */
  | { readonly kind: 'listener-lost'; readonly cause: unknown }
  /** The journal could not be written; nothing is noted for a while, and then it is tried again. */
  | { readonly kind: 'journal-failed'; readonly cause: unknown }
  /** So many calls are not in the journal, as it could not be written, or not as fast as they came. */
  | { readonly kind: 'journal-lost'; readonly calls: number }
  /** A query that no index serves was stopped at its deadline. */
  | { readonly kind: 'scan-stopped'; readonly milliseconds: number };

export type LogEvent = (event: StoreEvent) => void;
