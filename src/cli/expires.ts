import { InvalidArgumentError } from 'commander';
import { MILLISECONDS } from './duration.ts';

const DATE = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2}))?$/;

/**
 * When a token ends, as `--expires` says it: `90d`, `12h`, `4w`, `2027-01-31` (its first moment, in UTC),
 * `2027-01-31T18:00:00Z`.
 *
 * @throws InvalidArgumentError
 */
export function readExpires(text: string, now: number): string {
  const [, count, unit = ''] = /^(\d{1,5})([hdw])$/.exec(text) ?? [];
  const at =
    count === undefined
      ? DATE.test(text)
        ? Date.parse(text)
        : Number.NaN
      : now + Number(count) * (MILLISECONDS[unit] ?? 0);
  if (Number.isNaN(at)) {
    throw new InvalidArgumentError('Expected a time from now like 90d, 12h or 4w, or a date like 2027-01-31.');
  }
  return new Date(at).toISOString();
}
