/**
 * The texts of string and template literals in a TypeScript file, those inside `${…}` too, in no order. What is inserted
 * stays as it is written: `SELECT ${COLUMNS} FROM …`. Comments and regular expressions hold none.
 */
export function literalsIn(source: string): string[] {
  const found: string[] = [];
  let at = 0;
  readCode();
  return found;

  /** To the end, or past the `}` that ends an insertion. */
  function readCode(): void {
    let depth = 0;
    let before = '';
    while (at < source.length) {
      const letter = source[at] as string;
      if (source.startsWith('//', at)) at = endOf('\n', at);
      else if (source.startsWith('/*', at)) at = endOf('*/', at);
      else if (letter === "'" || letter === '"') readQuoted(letter);
      else if (letter === '`') readTemplate();
      else if (letter === '/' && /(?:^|[(,=:[!&|?{};>]|\breturn)$/.test(before)) readPattern();
      else {
        at += 1;
        if (letter === '{') depth += 1;
        if (letter === '}') depth -= 1;
        if (depth < 0) return;
        if (letter.trim() !== '') before = `${before.slice(-8)}${letter}`;
        continue;
      }
      before = source[at - 1] ?? '';
    }
  }

  function readQuoted(quote: string): void {
    const start = at + 1;
    for (at = start; source[at] !== quote; at += 1) if (source[at] === '\\') at += 1;
    found.push(source.slice(start, at));
    at += 1;
  }

  function readTemplate(): void {
    const start = at + 1;
    for (at = start; source[at] !== '`'; ) {
      if (source.startsWith('${', at)) {
        at += 2;
        readCode();
      } else at += source[at] === '\\' ? 2 : 1;
    }
    found.push(source.slice(start, at));
    at += 1;
  }

  function readPattern(): void {
    let inClass = false;
    for (at += 1; inClass || source[at] !== '/'; at += 1) {
      if (source[at] === '\\') at += 1;
      else if (source[at] === '[') inClass = true;
      else if (source[at] === ']') inClass = false;
    }
    at += 1;
  }

  function endOf(mark: string, from: number): number {
    const end = source.indexOf(mark, from);
    return end === -1 ? source.length : end + mark.length;
  }
}
