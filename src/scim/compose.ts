/**
 * NFC in linear time. Normalization puts the marks on one character in order, which takes as many steps as they are,
 * squared. So where more than thirty stand together, a U+034F, over which none is moved, comes after each nine (UAX #15
 * §13 does it after each thirty). No writing has more than a few; texts that are canonically equal, but have more than
 * thirty in another order, may come out different. What comes out stays as it is.
 */
export function compose(text: string): string {
  return (MARK.test(text) ? text.replaceAll(MANY, breakUp) : text).normalize('NFC');
}

const MARK = /\p{M}/u;
const MOST = 30;
/** A mark decomposes into three at most, and what it stands on may end with three. */
const MANY = /[\p{M}--\u034f]{10,}/gv;
const NINE = /.{9}/gsu;

function breakUp(marks: string, at: number, text: string): string {
  const whole = text.slice(Math.max(0, at - 2), at) + marks;
  // A character has two UTF-16 units at most.
  const isMore = marks.length > 2 * MOST || marksAtEnd(whole.normalize('NFD')) > MOST;
  return isMore ? marks.replaceAll(NINE, '$&\u034f') : marks;
}

function marksAtEnd(text: string): number {
  let count = 0;
  for (const character of text) count = MARK.test(character) && character !== '\u034f' ? count + 1 : 0;
  return count;
}
