import { rewritesWith } from './rewrites.ts';
import { Used } from './used.ts';

const ATTRIBUTES = rewritesWith('attributes');

type Names = string | readonly string[];

/**
 * The parameter `attributes` of a query as a view reads it, from a URL or from a SearchRequest:
 *
 *     userName,emails[type eq "work"]  →  userName,emails, used: filter-in-attributes
 */
export function rewriteAttributeNames(names: Names): { readonly names: Names; readonly used: readonly string[] } {
  const used = new Used();
  const one = (text: string): string => rewriteOne(text, used);
  const rewritten = typeof names === 'string' ? one(names) : names.map(one);
  return { names: used.names.length === 0 ? names : rewritten, used: used.names };
}

function rewriteOne(text: string, used: Used): string {
  let rewritten = text;
  for (const { name, hook } of ATTRIBUTES) {
    const next = hook(rewritten);
    if (next !== rewritten) used.note(name);
    rewritten = next;
  }
  return rewritten;
}
