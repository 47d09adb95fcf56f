/**
 * Where in a configuration file something stands: `:12` for what `applications.app.seats` names, '' where that cannot be
 * seen from the text, because it is computed, comes from another file, or may be one of several.
 *
 * The text is read for nothing but this, so it is not parsed: literals of objects and lists are followed, and what is
 * around them is passed over. (A parser of TypeScript is a development dependency of thirty megabytes.)
 */
export function atLine(text: string, path: readonly PropertyKey[]): string {
  const names = path.map(String);
  const places = text === '' ? [] : placesIn(text);
  for (let length = names.length; length > 0; length -= 1) {
    const line = lineOf(names.slice(0, length), places);
    if (line !== undefined) return `:${line}`;
  }
  return '';
}

interface Place {
  readonly names: readonly string[];
  readonly line: number;
}

/** A literal may stand in a variable of its own, so that its place shows only the end of its path. */
function lineOf(wanted: readonly string[], places: readonly Place[]): number | undefined {
  const least = Math.min(2, wanted.length);
  const ends = places.filter(
    ({ names }) =>
      names.length >= least && names.every((name, at) => name === wanted[wanted.length - names.length + at]),
  );
  const longest = Math.max(...ends.map(({ names }) => names.length));
  const [only, other] = ends.filter(({ names }) => names.length === longest);
  return other === undefined ? only?.line : undefined;
}

/** What is open at a place: an object or list, or brackets of another kind. */
interface Open {
  readonly kind: 'object' | 'list' | 'other';
  /** Its own name in what it stands in; undefined where it begins a path. */
  readonly name: string | undefined;
  /** An object: the name whose value is being read; undefined where a name is to come. */
  key: string | undefined;
  /** A list: which element. */
  index: number;
  /** Nothing has been read since its last comma. */
  fresh: boolean;
}

const TOKEN =
  /(?<space>\s+|\/\/[^\n]*|\/\*.*?\*\/)|(?<text>'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*")|`(?:[^`\\]|\\.)*`|(?<word>[\w$]+)|./gsy;

function placesIn(text: string): readonly Place[] {
  const places: Place[] = [];
  const open: Open[] = [];
  let line = 1;
  let before = '';
  let pending: { readonly name: string; readonly line: number } | undefined;
  for (const { 0: token, groups = {} } of text.matchAll(TOKEN)) {
    const here = line;
    for (const char of token) if (char === '\n') line += 1;
    if (groups.space !== undefined) continue;
    read(token, groups, here);
    before = token;
  }
  return places;

  function read(token: string, groups: Record<string, string | undefined>, here: number): void {
    const top = open.at(-1);
    if (top?.kind === 'object' && top.key === undefined) {
      if (pending !== undefined && token === ':') {
        top.key = pending.name;
        places.push({ names: [...pathTo(open.slice(0, -1), top), pending.name], line: pending.line });
        pending = undefined;
        return;
      }
      // `{ policy }`, `{ policy, … }`
      if (pending !== undefined && (token === ',' || token === '}')) {
        places.push({ names: [...pathTo(open.slice(0, -1), top), pending.name], line: pending.line });
      }
      const isName = top.fresh && (groups.word !== undefined || groups.text !== undefined);
      pending = isName ? { name: groups.word ?? unquoted(token), line: here } : undefined;
      top.fresh = false;
    } else if (top?.kind === 'list' && top.fresh && token !== ']' && token !== ',') {
      places.push({ names: [...pathTo(open.slice(0, -1), top), String(top.index)], line: here });
      top.fresh = false;
    }
    if (token === ',' && top !== undefined) {
      if (top.kind === 'list') top.index += 1;
      Object.assign(top, { key: undefined, fresh: true });
      pending = undefined;
    } else if ('{[('.includes(token)) {
      open.push(opened(token, top));
    } else if ('}])'.includes(token)) {
      open.pop();
      pending = undefined;
    }
  }

  function opened(token: string, top: Open | undefined): Open {
    const isValue = before === ':' || before === '[' || before === ',';
    const name = top?.kind === 'object' ? top.key : top?.kind === 'list' ? String(top.index) : undefined;
    const kind = token === '(' ? 'other' : token === '{' ? 'object' : 'list';
    return { kind, name: isValue ? name : undefined, key: undefined, index: 0, fresh: true };
  }
}

/** The names that lead to what is in `top`, as far as literals stand in one another. */
function pathTo(around: readonly Open[], top: Open): readonly string[] {
  const names: string[] = [];
  for (const one of [...around, top].reverse()) {
    if (one.name === undefined) break;
    names.unshift(one.name);
  }
  return names;
}

function unquoted(text: string): string {
  return text.slice(1, -1).replace(/\\(.)/g, '$1');
}
