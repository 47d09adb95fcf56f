import type { Writing } from './writing.ts';

/** Two whose locks happen to be the same wait for one another, which is all. */
const LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('joinery ' || $2::text || ' ' || $1::text, 0))";

/**
 * Held until the transaction is committed and seen by all (PostgreSQL lets go of its locks after that). It is a statement of
 * its own, and is not waited for: what is asked afterwards is asked when it is held, of what is committed by then (READ
 * COMMITTED looks anew with every statement).
 */
export function exclusively({ session, directory, sent }: Writing, what: 'activating' | 'deprovisioning'): void {
  sent.add(session.rows(LOCK, directory, what));
}
