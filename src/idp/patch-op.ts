import type { Json, JsonObject } from './json.ts';
import { PATCH } from './scim.ts';

/** `{"schemas":["urn:…:PatchOp"],"Operations":[…]}` */
export function patchOf(operations: readonly Json[]): JsonObject {
  return { schemas: [PATCH], Operations: operations };
}
