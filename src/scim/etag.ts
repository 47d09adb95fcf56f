import { ScimError } from './error.ts';
import type { Preconditions, VersionCondition } from './request.ts';

/** `W/"3"`: weak, as RFC 7644 §3.14 shows them, since the same version may be told with more or fewer attributes. */
export function etagOf(version: number): string {
  return `W/"${version}"`;
}

/**
 * An If-Match or If-None-Match header (RFC 9110 §13.1):
 *
 *     *                 → '*'
 *     W/"3", "4"        → ['3', '4']
 *
 * Conflict D1: SCIM's tags are weak and If-Match compares strongly, under which none would ever match; so `W/` is taken
 * off and what is between the quotes is compared, in both headers.
 *
 * @throws ScimError invalidSyntax when it is neither: a condition that cannot be read is never taken for a match
 */
export function readVersionCondition(header: string): VersionCondition {
  if (header.trim() === '*') return '*';
  const versions: string[] = [];
  let at = 0;
  for (;;) {
    // RFC 9110 §5.6.1.2: a recipient ignores empty elements of a list.
    while (isBlank(header.charAt(at)) || header.charAt(at) === ',') at += 1;
    if (at === header.length) break;
    const open = header.startsWith('W/', at) ? at + 2 : at;
    const close = header.charAt(open) === '"' ? header.indexOf('"', open + 1) : -1;
    if (close === -1 || !isTagText(header.slice(open + 1, close))) throw malformed();
    versions.push(header.slice(open + 1, close));
    at = close + 1;
    while (isBlank(header.charAt(at))) at += 1;
    if (at < header.length && header.charAt(at) !== ',') throw malformed();
  }
  if (versions.length === 0) throw malformed();
  return versions;
}

/** RFC 9110 §13.2.2: which condition stands against a write on a resource of this version. */
export function refusedBy(
  { ifMatch, ifNoneMatch }: Preconditions,
  version: number,
): 'If-Match' | 'If-None-Match' | undefined {
  if (ifMatch !== undefined && !satisfies(ifMatch, version)) return 'If-Match';
  return ifNoneMatch !== undefined && satisfies(ifNoneMatch, version) ? 'If-None-Match' : undefined;
}

/** Whether a resource of this version is one that the condition names. Any resource is, for `*`. */
export function satisfies(condition: VersionCondition, version: number): boolean {
  return condition === '*' || condition.includes(String(version));
}

function isBlank(character: string): boolean {
  return character === ' ' || character === '\t';
}

/** RFC 9110 §8.8.3: %x21 / %x23-7E / obs-text. */
function isTagText(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code < 0x21 || code === 0x7f) return false;
  }
  return true;
}

function malformed(): ScimError {
  return ScimError.invalidSyntax(
    'The If-Match or If-None-Match header cannot be read: "*" or entity tags such as W/"3", as in meta.version, were expected.',
  );
}
