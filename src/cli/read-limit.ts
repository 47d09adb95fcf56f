import { InvalidArgumentError } from 'commander';

const MOST = 100_000;

/** How many are shown at most. @throws InvalidArgumentError */
export function readLimit(text: string): number {
  const limit = Number(text);
  if (!/^\d{1,6}$/.test(text) || limit < 1 || limit > MOST) {
    throw new InvalidArgumentError(`Expected a number from 1 to ${MOST}.`);
  }
  return limit;
}
