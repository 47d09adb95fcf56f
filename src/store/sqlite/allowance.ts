/** How long a search may hold the thread that answers requests, before it begins again in another. */
export interface Allowance {
  milliseconds(directory: string): number;
  /** A search of this directory used all of it, in vain. */
  overrun(directory: string): void;
}

const USUAL_MS = 10;
/** One that comes soon after another's overrun has less, so that slow ones in a row are not at everybody's cost. */
const SOON_AFTER_MS = 1;
const FORGET_MS = 2_000;

export function createAllowance(now: () => number): Allowance {
  /** In the order of the moments until which they are remembered. */
  const overruns = new Map<string, number>();
  return {
    milliseconds: (directory) => ((overruns.get(directory) ?? 0) > now() ? SOON_AFTER_MS : USUAL_MS),
    overrun(directory) {
      overruns.delete(directory);
      for (const [other, until] of overruns) {
        if (until > now()) break;
        overruns.delete(other);
      }
      overruns.set(directory, now() + FORGET_MS);
    },
  };
}
