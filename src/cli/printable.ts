/** What a client sent, on a terminal: what moves the cursor, or turns the direction of what stands behind it, is a `?`. */
export function printable(text: string): string {
  return text.replaceAll(MOVES, '?');
}

const MOVES = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** `2026-11-21 10:00:07Z` */
export function shownTime(iso: string): string {
  return `${iso.slice(0, 19).replace('T', ' ')}Z`;
}

/** `2026-11-21 10:00Z` */
export function shownMinute(iso: string): string {
  return `${iso.slice(0, 16).replace('T', ' ')}Z`;
}
