import type { JsonObject, JsonValue } from './value.ts';

/** An object or array that the scan is in. */
interface Open {
  /** The index of its first character. */
  readonly from: number;
  readonly isArray: boolean;
  /** From here on it is not parsed yet. */
  pending: number;
  /** How much of that is parsed and cut out. */
  cut: number;
  /** Where it is long: its elements, or members, up to `pending`. */
  built: JsonValue[] | JsonObject | undefined;
}

/** A value that is parsed, and no part of what is parsed next: a 0 stands for it until it is put in its place. */
interface Cut {
  readonly from: number;
  readonly to: number;
  /** From the top of the text. */
  readonly place: readonly (number | string)[];
  readonly value: JsonValue;
}

/**
 * The value of a long text, made piece by piece while `JsonScan` goes through it: whenever enough elements of an array, or
 * members of an object, have come together, `JSON.parse` is given these.
 *
 *     {"displayName":"a","members":[{…},{…}, … {…},{…}]}   →   [{…},{…},…] · [{…},{…}] · {"displayName":"a","members":0}
 */
export class JsonPieces {
  readonly #text: string;
  /** Characters. */
  readonly #enough: number;
  readonly #open: Open[] = [];
  /** Of what is open, in the order of the text. */
  readonly #cuts: Cut[] = [];
  #isBroken = false;

  constructor(text: string, enough: number) {
    this.#text = text;
    this.#enough = enough;
  }

  /** `[` or `{` stands at this index. */
  opened(at: number, isArray: boolean): void {
    this.#open.push({ from: at, isArray, pending: at + 1, cut: 0, built: undefined });
  }

  /** A comma stands at this index. */
  comma(at: number): void {
    const depth = this.#open.length - 1;
    const open = this.#open[depth];
    if (open !== undefined && at - open.pending - open.cut >= this.#enough) this.#take(open, { depth, to: at });
  }

  /** What was opened last ends before this index. `place`: where it stands. */
  closed(at: number, place: readonly (number | string)[]): void {
    const depth = this.#open.length - 1;
    const open = this.#open.pop();
    if (open?.built === undefined) return;
    this.#take(open, { depth, to: at - 1 });
    this.#cuts.push({ from: open.from, to: at, place: [...place], value: open.built });
    const outer = this.#open[depth - 1];
    if (outer !== undefined) outer.cut += at - open.from;
  }

  /** All of it, once the scan is through; undefined when a string in it holds a raw control character. */
  value(): JsonValue | undefined {
    const whole = this.#parse({ from: 0, to: this.#text.length, depth: 0, offset: 0, around: ['', ''] });
    return this.#isBroken ? undefined : whole;
  }

  #take(open: Open, { depth, to }: { depth: number; to: number }): void {
    const { isArray, pending } = open;
    const built = open.built ?? (isArray ? [] : {});
    open.built = built;
    const offset = Array.isArray(built) ? built.length : 0;
    const piece = this.#parse({ from: pending, to, depth, offset, around: isArray ? ['[', ']'] : ['{', '}'] });
    open.pending = to + 1;
    open.cut = 0;
    if (Array.isArray(built)) for (const element of piece as JsonValue[]) built.push(element);
    // The scan has refused `__proto__` and all names that come twice.
    else for (const name of Object.keys(piece as JsonObject)) built[name] = (piece as JsonObject)[name] as JsonValue;
  }

  #parse({ from, to, depth, offset, around }: Piece): JsonValue {
    const nothing = around[0] === '{' ? {} : [];
    if (this.#isBroken) return nothing;
    const first = this.#cuts.findLastIndex((cut) => cut.from < from) + 1;
    const cuts = this.#cuts.splice(first);
    let text = around[0];
    let at = from;
    for (const cut of cuts) {
      text += `${this.#text.slice(at, cut.from)}0`;
      at = cut.to;
    }
    let holder: { readonly top: JsonValue };
    try {
      holder = { top: JSON.parse(`${text}${this.#text.slice(at, to)}${around[1]}`) as JsonValue };
    } catch {
      // The scan goes on: what it refuses comes first.
      this.#isBroken = true;
      return nothing;
    }
    for (const { place, value } of cuts) put(holder, ['top', ...within(place.slice(depth), offset)], value);
    return holder.top;
  }
}

interface Piece {
  readonly from: number;
  readonly to: number;
  /** Of the object or array that it is of. */
  readonly depth: number;
  /** How many elements of the array come before it. */
  readonly offset: number;
  readonly around: readonly [string, string];
}

function within([key, ...rest]: readonly (number | string)[], offset: number): readonly (number | string)[] {
  if (key === undefined) return [];
  return [typeof key === 'number' ? key - offset : key, ...rest];
}

/** The keys stood in the text: each is there already, as the holder's own. */
function put(top: { readonly top: JsonValue }, place: readonly (number | string)[], value: JsonValue): void {
  let holder: JsonValue = top;
  for (const key of place.slice(0, -1)) holder = (holder as JsonObject)[key] as JsonValue;
  (holder as JsonObject)[place.at(-1) as string] = value;
}
