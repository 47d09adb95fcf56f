import type { Rewrite } from './rewrite.ts';

/**
 *     emails[type eq "work"].value eq "bjensen@example.com"
 *   → emails[(type eq "work") and value eq "bjensen@example.com"]
 *
 * `x[…].sub` is a path of PATCH (RFC 7644 figure 7), not an attribute of a filter (figure 1); what it means is plain.
 */
export const valuePathInFilter: Rewrite = {
  name: 'value-path-in-filter',
  quirks: [],
  sentBy: 'Entra ID, when an address is a matching attribute (§2.1)',
  filterText: (text) => (text.includes('].') ? moveIntoBrackets(text) : text),
};

function moveIntoBrackets(text: string): string {
  let written = '';
  let from = 0;
  let open = -1;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '"') {
      at = endOfString(text, at);
    } else if (character === '[') {
      open = at;
    } else if (character === ']' && open !== -1) {
      COMPARISON_AFTER.lastIndex = at;
      const match = COMPARISON_AFTER.exec(text);
      if (match?.[1] !== undefined) {
        written += `${text.slice(from, open + 1)}(${text.slice(open + 1, at)}) and ${match[1]}]`;
        from = at + match[0].length;
        at = from - 1;
      }
      open = -1;
    }
  }
  return written + text.slice(from);
}

/** `].value eq "x"`, `].value pr` */
const COMPARISON_AFTER = /\]\.([a-z][\w$-]*\s+(?:pr(?![^\s()])|[a-z]{2}\s+(?:"(?:[^"\\]|\\.)*"|[^\s()[\]"]+)))/iy;

/** The index of the closing quote, or of the last character when there is none. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === '"') return at;
  }
  return text.length - 1;
}
