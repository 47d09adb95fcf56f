import { InvalidArgumentError } from 'commander';
import { MILLISECONDS } from './duration.ts';

/** `90m`, `12h`, `30d`, `4w` ago, a date (in UTC), or a date and time with its zone: as ISO 8601. @throws InvalidArgumentError */
export function readSince(text: string, now: number): string {
  const [, amount, unit = ''] = /^(\d{1,5})([mhdw])$/.exec(text) ?? [];
  const at = amount === undefined ? readDate(text) : now - Number(amount) * (MILLISECONDS[unit] ?? 0);
  if (Number.isNaN(at) || at < 0) {
    throw new InvalidArgumentError('Expected how long ago, like 15m, 2h or 7d, or a date like 2026-11-21T10:00Z.');
  }
  return new Date(at).toISOString();
}

/** Without its zone a time is another one on another machine. */
const DATE = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2}))?$/;

function readDate(text: string): number {
  return DATE.test(text) ? Date.parse(text.replace(' ', 'T')) : Number.NaN;
}
