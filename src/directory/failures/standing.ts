import type { JournalEntry } from '../journal.ts';
import { asked } from './connection.ts';

/** A row of a connection, as far as it decides when it ends. */
export interface Standing {
  readonly reason: string;
  readonly credential: string;
  /** `read` or `write`. */
  readonly operation: string;
  /** When it failed last: milliseconds that never go back. */
  readonly lastAt: number;
}

/** A token that was refused, and was not presented for so long, is not in use any more once another one works. */
const GIVEN_UP_MS = 60 * 60_000;
/** So is one whose calls failed otherwise: it may have been replaced before one of them succeeded again. */
const LONG_AGO_MS = 24 * GIVEN_UP_MS;

/** Whether a call that succeeded shows that what a row tells of is over. */
export function ends(entry: JournalEntry, { reason, credential, operation, lastAt }: Standing, now: number): boolean {
  const isTheirs = entry.credential === credential;
  switch (reason) {
    case 'plan':
    case 'sso':
    case 'key-expired':
    case 'key-revoked':
      return isTheirs || now - lastAt > GIVEN_UP_MS;
    default:
      // That reading works says nothing of writing.
      return asked(entry) === operation && (isTheirs || now - lastAt > LONG_AGO_MS);
  }
}

export function credentialIn(subject: string): string {
  return subject.slice(subject.indexOf(':') + 1);
}
