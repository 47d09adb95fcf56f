const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };
/** What was deprovisioned is counted for a day. */
const LONGEST = 86_400;

/** How long a guard looks back: `30s`, `15m`, `1h`, `1d`; undefined for what is no time, or longer than a day. */
export function windowSeconds(text: string): number | undefined {
  const [, count, unit = ''] = /^([1-9]\d{0,5})([smhd])$/.exec(text) ?? [];
  const seconds = Number(count) * (SECONDS[unit] ?? Number.NaN);
  return seconds <= LONGEST ? seconds : undefined;
}
