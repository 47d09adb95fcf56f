import { isUtf8 } from 'node:buffer';

/** Bytes that are made text together, at most: kept as they come, chunks of one byte would take a hundred times their size. */
const BLOCK = 262_144;
const FIRST_BLOCK = 16_384;

/** The text of a long body, made while it comes: all of it at its end would hold the event loop for tens of milliseconds. */
export class TextPieces {
  #block: Buffer = Buffer.allocUnsafe(FIRST_BLOCK);
  #size = 0;
  #text: string | undefined = '';

  constructor(first: Buffer) {
    this.add(first);
  }

  add(chunk: Buffer): void {
    for (let from = 0; from < chunk.length; ) {
      const taken = chunk.copy(this.#block, this.#size, from);
      this.#size += taken;
      from += taken;
      if (this.#size < this.#block.length) return;
      if (this.#size < BLOCK) this.#widen();
      else this.#take(endOfCharacters(this.#block));
    }
  }

  #widen(): void {
    const wider = Buffer.allocUnsafe(2 * this.#block.length);
    this.#block.copy(wider);
    this.#block = wider;
  }

  /** Undefined when it was not UTF-8. */
  end(): string | undefined {
    this.#take(this.#size);
    return this.#text;
  }

  #take(to: number): void {
    const text = textOf(this.#block.subarray(0, to));
    this.#text = this.#text === undefined || text === undefined ? undefined : this.#text + text;
    this.#block.copy(this.#block, 0, to, this.#size);
    this.#size -= to;
  }
}

/** Undefined when it is not UTF-8. */
export function textOf(bytes: Buffer): string | undefined {
  return isUtf8(bytes) ? bytes.toString('utf8') : undefined;
}

/** Where the last character begins, unless it has one byte: the rest of it may be still to come. */
function endOfCharacters(bytes: Buffer): number {
  for (let at = bytes.length - 1; at >= bytes.length - LONGEST_CHARACTER; at -= 1) {
    const byte = bytes[at] ?? 0;
    if (byte < 0x80) return bytes.length;
    if (byte >= 0xc0) return at;
  }
  // No character has so many bytes, which is found out by who reads them.
  return bytes.length;
}

const LONGEST_CHARACTER = 4;
