import type { AttributePath } from '../target.ts';

/**
 * An attribute path as text (RFC 7644 §3.10), or undefined when it is none:
 *
 *     userName · name.familyName · members.$ref
 *     urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value
 *     → {urn:'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User', name:'manager', sub:'value'}
 *
 * What follows the last colon is the attribute; URNs hold dots and versions of their own.
 */
export function readAttributePath(text: string): AttributePath | undefined {
  const colon = text.lastIndexOf(':');
  if (colon === 0) return undefined;
  const [name = '', sub, ...more] = text.slice(colon + 1).split('.', 3);
  if (!isName(name) || more.length > 0 || (sub !== undefined && !isName(sub))) return undefined;
  return {
    ...(colon === -1 ? {} : { urn: text.slice(0, colon) }),
    name,
    ...(sub === undefined ? {} : { sub }),
  };
}

export function printAttributePath(path: AttributePath): string {
  const name = path.sub === undefined ? path.name : `${path.name}.${path.sub}`;
  return path.urn === undefined ? name : `${path.urn}:${name}`;
}

/**
 * RFC 7643 §2.1: a letter, then letters, digits, `$`, `-` and `_`. `$ref` breaks that rule in the RFC itself, so `$` may
 * also come first (conflict D4). `__proto__` is no name.
 */
export function isName(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    const small = code | 0x20;
    if ((small >= 0x61 && small <= 0x7a) || code === 0x24) continue;
    if (at === 0 || !((code >= 0x30 && code <= 0x39) || code === 0x2d || code === 0x5f)) return false;
  }
  return text !== '';
}
