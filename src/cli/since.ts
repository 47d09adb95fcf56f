import { InvalidArgumentError } from 'commander';

const MILLISECONDS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

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
