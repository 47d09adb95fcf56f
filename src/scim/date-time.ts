/**
 * An xsd:dateTime (RFC 7643 §2.3.5) as text that sorts by time, or undefined when it is none:
 *
 *     2011-05-13T04:42:34Z            → 2011-05-13T04:42:34.000Z
 *     2011-05-13T06:42:34.5+02:00     → 2011-05-13T04:42:34.500Z
 *     2011-05-13T04:42:34.1234500Z    → 2011-05-13T04:42:34.123Z45
 *
 * UTC with three digits of the second, as `meta.created` is kept; finer digits follow the `Z` without trailing zeros.
 * So two keys are equal exactly when the instants are, plain text comparison is comparison in time, and a key may be
 * compared with a stored `meta` date as it stands.
 *
 * Taken: offsets to ±14:00; `24:00:00`, which is 00:00:00 of the next day; a missing zone, which is UTC. Refused: days that the calendar
 * does not have, second 60, years outside 0001–9999 (also once in UTC), dates without a time, small `t` and `z`.
 */
export function dateTimeKey(text: string): string | undefined {
  const parts = SHAPE.exec(text);
  if (parts === null) return undefined;
  const [, year, month, day, hour, minute, second] = parts.map(Number) as [number, ...Parts];
  const fraction = withoutTrailingZeros(parts[7] ?? '');
  const offset = offsetMinutes(parts[8]);
  if (offset === undefined || !isDay(year, month, day) || !isTime([hour, minute, second], fraction)) return undefined;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute - offset, second, Number(fraction.slice(0, 3).padEnd(3, '0')));
  const utc = date.toISOString();
  // Outside the four-digit years toISOString gives a sign and six digits.
  if (utc.length !== 24 || utc.startsWith('0000')) return undefined;
  return utc + fraction.slice(3);
}

type Parts = [year: number, month: number, day: number, hour: number, minute: number, second: number];

/** Anchored, each part of one kind of character and followed by another: it cannot backtrack. */
const SHAPE = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)?$/;

function withoutTrailingZeros(digits: string): string {
  let end = digits.length;
  while (end > 0 && digits.charAt(end - 1) === '0') end -= 1;
  return digits.slice(0, end);
}

/** XML Schema part 2 §3.2.7.3: hours to 14, minutes to 59, and 14 only with 00. */
function offsetMinutes(zone: string | undefined): number | undefined {
  if (zone === undefined || zone === 'Z') return 0;
  const minutes = Number(zone.slice(4));
  const total = Number(zone.slice(1, 3)) * 60 + minutes;
  if (minutes > 59 || total > 14 * 60) return undefined;
  return zone.startsWith('-') ? -total : total;
}

function isDay(year: number, month: number, day: number): boolean {
  if (year === 0 || month < 1 || month > 12 || day < 1) return false;
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return day <= (month === 2 ? (leap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31);
}

function isTime([hour, minute, second]: readonly [number, number, number], fraction: string): boolean {
  // XML Schema part 2 §3.2.7: 24 only as the end of a day. It has no leap seconds.
  if (hour === 24) return minute === 0 && second === 0 && fraction === '';
  return hour < 24 && minute < 60 && second < 60;
}
