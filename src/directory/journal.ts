/**
 * One call below a SCIM base and what was answered, as it is kept: secrets and passwords are cut already.
 *
 *     {"directory":"…","requestId":"…","at":1795255200000,"method":"POST","path":"/scim/v2/Users","status":409,
 *      "ms":4.2,"outcome":"name-taken","credential":"…","sent":"{\"userName\":\"ann@example.com\"}","answered":"{\"detail\":\"…\"}"}
 */
export interface JournalEntry {
  readonly directory: string;
  readonly requestId: string;
  /** When it began: milliseconds since 1970, by the clock. */
  readonly at: number;
  readonly method: string;
  /** With its query, decoded. */
  readonly path: string;
  readonly status: number;
  /** Milliseconds until the reply was handed over. */
  readonly ms: number;
  readonly outcome: string;
  /** Its id. */
  readonly credential: string | undefined;
  /** Of refusals, for the failure list. */
  readonly credentialName?: string | undefined;
  /** The named rewrites that made the request legal. */
  readonly rewrites: readonly string[];
  /** The attributes that were sent and are not kept here. */
  readonly ignored: readonly string[];
  /** The client left before it had its reply. */
  readonly isAborted: boolean;
  /** The bodies of the request and of the reply, for writes and refusals; a long one is cut, and says so. */
  readonly sent: string | undefined;
  readonly answered: string | undefined;
}

/** As it is read: with its place in the journal. */
export interface JournalRow extends Omit<JournalEntry, 'at' | 'credentialName'> {
  readonly seq: number;
  /** UTC, fixed width. */
  readonly at: string;
}

/** Which calls of a directory, those that began last first. */
export interface JournalAsked {
  /** At or after this moment. */
  readonly since?: string | undefined;
  readonly requestId?: string | undefined;
  /** Only those that were refused, failed, or not heard by the client. */
  readonly failed?: boolean | undefined;
  /** The last one of the page before. */
  readonly before?: Pick<JournalRow, 'at' | 'seq'> | undefined;
  readonly limit: number;
}

/** Takes what happened, after the reply. Never throws, never waits; may forget its last second. */
export type Note = (entry: JournalEntry) => void;
