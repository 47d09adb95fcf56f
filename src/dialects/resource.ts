import type { JsonValue, ResourceType } from '../scim/index.ts';
import { fieldsOf } from './fields.ts';
import { REWRITES } from './rewrites.ts';
import { Used } from './used.ts';
import { rewriteAttributes } from './values.ts';

export interface RewrittenBody {
  /** The very body that was given, when nothing applied. */
  readonly body: JsonValue;
  /** The names of the rewrites that applied. */
  readonly used: readonly string[];
}

/**
 * The body of a POST or PUT as the engine reads it. Never throws: what is no resource is left for the engine to refuse.
 *
 *     {"schemas":[…],"userName":"bjensen","active":"True","externalId":701984}
 *   → {"schemas":[…],"userName":"bjensen","active":true,"externalId":"701984"}, used: boolean-as-string, number-for-string
 */
export function rewriteResource(type: ResourceType, body: JsonValue): RewrittenBody {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return { body, used: [] };
  const used = new Used();
  let rewritten = body;
  for (const { name, resource } of REWRITES) {
    const next = resource?.(rewritten, type) ?? rewritten;
    if (next !== rewritten) used.note(name);
    rewritten = next;
  }
  return { body: rewriteAttributes(rewritten, fieldsOf(type), used), used: used.names };
}
