import { InvalidArgumentError } from 'commander';

/** Of a unit, as times on the command line have it. */
export const MILLISECONDS: Readonly<Record<string, number>> = {
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/**
 * How long, in milliseconds: `15m`, `2h`, `1d`.
 *
 * @throws InvalidArgumentError
 */
export function readDuration(text: string): number {
  const [, count, unit = ''] = /^(\d{1,4})([mhd])$/.exec(text) ?? [];
  if (count === undefined || Number(count) === 0) throw new InvalidArgumentError('Expected a time like 15m, 2h or 1d.');
  return Number(count) * (MILLISECONDS[unit] ?? 0);
}
