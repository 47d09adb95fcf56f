import { hash } from 'node:crypto';

/** 32-bit words of a key that was seen: three of its hash, and the line. */
const WORDS = 4;
const HASHED = 3;

/**
 * The keys that stood in a file, and in which line each: 16 to 64 bytes a key, however long it is, so that a million of
 * them are held. By 96 bits of a hash: that two keys of a million look the same happens once in 10^17 files.
 */
export class Seen {
  #slots: number;
  #words: Uint32Array;
  #size = 0;

  constructor(slots = 1024) {
    this.#slots = slots;
    this.#words = new Uint32Array(slots * WORDS);
  }

  /** The line of the same key before; undefined where it is the first, which is noted with its line (from 1 on). */
  note(key: string, line: number): number | undefined {
    if (this.#size * 2 >= this.#slots) this.#grow();
    const words = wordsOf(key);
    const at = this.#find(words);
    const known = this.#lineAt(at);
    if (known !== undefined) return known;
    this.#words.set([...words, line], at);
    this.#size += 1;
    return undefined;
  }

  /** The line of the same key; undefined where there was none. */
  lineOf(key: string): number | undefined {
    return this.#lineAt(this.#find(wordsOf(key)));
  }

  #lineAt(at: number): number | undefined {
    return this.#words[at + HASHED] || undefined;
  }

  /** Where it stands, or would. */
  #find(words: ArrayLike<number>): number {
    let slot = (words[0] ?? 0) % this.#slots;
    for (;;) {
      const at = slot * WORDS;
      if (this.#words[at + HASHED] === 0 || this.#isAt(at, words)) return at;
      slot = (slot + 1) % this.#slots;
    }
  }

  #isAt(at: number, words: ArrayLike<number>): boolean {
    for (let word = 0; word < HASHED; word += 1) if (this.#words[at + word] !== words[word]) return false;
    return true;
  }

  #grow(): void {
    const old = this.#words;
    this.#slots *= 2;
    this.#words = new Uint32Array(this.#slots * WORDS);
    for (let at = 0; at < old.length; at += WORDS) {
      if (old[at + HASHED] === 0) continue;
      const words = old.subarray(at, at + WORDS);
      this.#words.set(words, this.#find(words));
    }
  }
}

function wordsOf(key: string): readonly number[] {
  const digest = hash('sha256', key, 'buffer');
  return [0, 1, 2].map((at) => digest.readUInt32LE(at * 4));
}
