import type { Change } from './change.ts';

/** A row of history. `set` and `cause` are the seq of other rows of the same set. */
export interface HistoryRow {
  /** 1, 2, 3 … within the directory, without gaps; the oldest are forgotten after a time. */
  readonly seq: number;
  readonly set: number;
  readonly cause: number | undefined;
  readonly at: string;
  readonly by: { readonly kind: string; readonly id: string; readonly name: string };
  readonly requestId: string;
  readonly kind: Change['kind'];
  readonly type: string;
  readonly subject: string;
  /**
   * JSON: created, nothing, or `{"owned":false}` where no provider did it; updated, what differed; removed, `{resource, memberOf, version, created}`, and `owned: false` where no provider
   * owned it; members, the ids taken out.
   */
  readonly before: string | undefined;
  /** JSON: created, the resource; updated, what differs; members, the ids put in. */
  readonly after: string | undefined;
}

/** Reads the history of one directory. */
export interface HistoryReader {
  /** From the first change that is remembered to the last that was committed before this was asked; undefined: none is. */
  span(): Promise<HistorySpan | undefined>;
  /** When the first change at or after a seq was made. */
  at(seq: number): Promise<string | undefined>;
  /** In order. The range is short: what is read at once is all of it. */
  range(range: HistorySpan, only?: HistoryOnly): Promise<readonly HistoryRow[]>;
  /** Of one subject, the latest first. */
  ofSubject(subject: string, page: HistoryPage): Promise<readonly HistoryRow[]>;
}

/** Both ends belong to it. */
export interface HistorySpan {
  readonly first: number;
  readonly last: number;
}

export interface HistoryOnly {
  /** The id of who acted. */
  readonly by?: string | undefined;
  readonly requestId?: string | undefined;
  /** The id of a record: its own changes, and those of memberships that name it. */
  readonly about?: string | undefined;
  readonly kind?: Change['kind'] | undefined;
}

export interface HistoryPage {
  /** Only what has a smaller seq. */
  readonly before: number;
  readonly limit: number;
}
