import type { Attribute } from './schema/attribute.ts';

/**
 * A reference to a resource as this server writes it, for comparing (SCH-14, SCH-45): whole, below the versioned base.
 *
 *     Users/2819 · /Users/2819 · https://x.example/scim/Users/2819 · https://x.example/scim/v2/Users/2819
 *     → https://x.example/scim/v2/Users/2819
 */
export function wholeReference(text: string, base: string): string {
  if (text.startsWith(`${base}/`)) return text;
  // RFC 7644 §3.13: without its version, the base stands for the latest.
  const unversioned = base.replace(/v\d+$/, '');
  if (unversioned !== base && text.startsWith(unversioned)) return `${base}/${text.slice(unversioned.length)}`;
  const relative = text.startsWith('/') ? text.slice(1) : text;
  return /^[A-Za-z]\w*\/[^/]+$/.test(relative) ? `${base}/${relative}` : text;
}

/** Whether it is the server that writes it, whole, to one of its resources; others are kept and compared as they came. */
export function refersToResource({ name, type }: Attribute): boolean {
  return name === '$ref' && type === 'reference';
}
