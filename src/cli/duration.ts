import { InvalidArgumentError } from 'commander';

const MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * How long, in milliseconds: `15m`, `2h`, `1d`.
 *
 * @throws InvalidArgumentError
 */
export function readDuration(text: string): number {
  const [, count, unit = ''] = /^(\d{1,4})([mhd])$/.exec(text) ?? [];
  if (count === undefined || Number(count) === 0) throw new InvalidArgumentError('Expected a time like 15m, 2h or 1d.');
  return Number(count) * (MS[unit] ?? 0);
}
