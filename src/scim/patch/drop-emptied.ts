import { sameValue } from '../equal.ts';
import type { Resource } from '../schema/attribute.ts';
import type { Target } from '../target.ts';
import { isObject, type JsonValue } from '../value.ts';
import { assign, held, type Patching } from './patching.ts';

/**
 * Takes out the elements of which the operations have left nothing but what kind of element it was (`dropEmptyElements`):
 *
 *     {"op":"replace","path":"addresses[type eq \"work\"].locality","value":""}
 *     addresses [{"type":"work","locality":"Tours"}] → []     roles [{"value":"x","display":"y"}].value → [{"display":"y"}]
 *
 * Entra ID sends an element's parts one by one, each mapped on its own: so this is asked when all are done, and what they
 * leave does not depend on their order. What stood so before stays.
 */
export function dropEmptied(patching: Patching, before: Resource): void {
  for (const target of patching.emptied.values()) {
    const elements = held(patching, target);
    if (!Array.isArray(elements) || !elements.some(isEmptied)) continue;
    const stood = elementsBefore(before, target).filter(isEmptied);
    const left = elements.filter((element) => !isEmptied(element) || stood.some((one) => sameValue(one, element)));
    if (left.length < elements.length) assign(patching, target, left.length === 0 ? undefined : left);
  }
}

/** `primary` says which, `type` of what kind; a `display` may be all that the provider has of an element. */
function isEmptied(element: JsonValue): boolean {
  return isObject(element) && Object.keys(element).every((name) => name === 'type' || name === 'primary');
}

function elementsBefore(before: Resource, { extension, attribute }: Target): readonly JsonValue[] {
  const holder = extension === undefined ? before : before[extension];
  const elements = isObject(holder) ? holder[attribute.name] : undefined;
  return Array.isArray(elements) ? elements : [];
}
