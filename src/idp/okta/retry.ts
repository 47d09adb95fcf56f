import { retryAfterSeconds } from '../retry-after.ts';

/** After the tenth 429 the task fails for good (idp-clients §1.9). */
export const ATTEMPTS = 10;

const FIVE_MINUTES = 300;

/**
 * Seconds to wait after a 429. A whole number in `Retry-After` is obeyed exactly; a date, a fraction or nothing at all
 * is five minutes; each further 429 doubles the wait before it (idp-clients §1.9).
 */
export function nextWait(previous: number, retryAfter: string | undefined): number {
  return previous > 0 ? previous * 2 : (retryAfterSeconds(retryAfter) ?? FIVE_MINUTES);
}
