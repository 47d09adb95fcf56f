/**
 * Takes back what was changed, attribute by attribute, as far as nobody has changed it again since. An `Operation` of the
 * operator's: it obeys seats and uniqueness, and no rule about providers.
 */
export interface Undo {
  readonly kind: 'undo';
  readonly selection: UndoSelection;
  /** Says what would happen, and alters nothing. */
  readonly dryRun: boolean;
  /** After each slice: so many of the records concerned are done. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Ends it between two slices; run again, it goes on with what is left. */
  readonly signal?: AbortSignal;
}

/** Which changes are taken back: those that all of these say. */
export interface UndoSelection {
  /** The number of a change set. */
  readonly set?: number | undefined;
  /** The id of a record: its own changes, and its memberships. */
  readonly subject?: string | undefined;
  /** The id of who acted. */
  readonly by?: string | undefined;
  /** All change sets of one request; of one undo, to take that back. */
  readonly requestId?: string | undefined;
  /** UTC, fixed width; both ends belong to it. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** A place in history: what came after it, as after a dry run, is left. */
  readonly upTo?: number | undefined;
}

export type Undone =
  | {
      readonly kind: 'undone';
      readonly report: UndoReport;
      /** False where it was asked to end before. */
      readonly ended: boolean;
      /** The last place in history that was looked at. */
      readonly upTo: number | undefined;
    }
  | { readonly kind: 'too-much'; readonly detail: string };

/** What an undo did, or, dry, would do: the same to the letter. */
export interface UndoReport {
  /** How many changes were selected, and when the first and the last of them were made. */
  readonly changes: number;
  readonly first: string | undefined;
  readonly last: string | undefined;
  readonly counts: UndoCounts;
  /** The first few of what was done, of each kind. */
  readonly examples: readonly UndoLine[];
  /** What has moved on since and was left, and what a rule refused: the first thousand. */
  readonly left: readonly UndoLine[];
}

export interface UndoCounts {
  /** Records that had been removed, and are back under their old ids. */
  readonly restored: number;
  /** Records that had been created, and are gone. */
  readonly removed: number;
  /** Records of which attributes, or the owner, went back. */
  readonly updated: number;
  /** Of those, users who are active again. */
  readonly activated: number;
  /** Memberships that had ended, and stand again. */
  readonly putBack: number;
  /** Memberships that had begun, and are ended. */
  readonly takenOut: number;
  /** Records, and memberships, that were as before already. */
  readonly asBefore: number;
  /** What has moved on since, and was left. */
  readonly conflicts: number;
  /** What a rule refused. */
  readonly refused: number;
  /** Passwords that had been set: which ones were there before is not known, and they stay. */
  readonly passwords: number;
}

export interface UndoLine {
  readonly kind: 'restored' | 'removed' | 'updated' | 'members' | 'conflict' | 'refused' | 'password';
  readonly type: string;
  readonly id: string;
  /** The userName, or displayName. */
  readonly label: string;
  /** A sentence, or its end. */
  readonly detail: string;
}
