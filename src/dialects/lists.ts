import type { JsonValue, List } from '../scim/index.ts';
import { fieldOf } from './fields.ts';
import { rewriteInSteps } from './values.ts';

/** The elements of a list in a long body as the engine reads them: what is rewritten of the body afterwards has them so. */
export function rewriteList({ attribute, elements }: List): Generator<void, readonly JsonValue[]> {
  return rewriteInSteps(elements, fieldOf(attribute));
}
