import { field, isObject, type JsonValue, type ResourceType, ScimError } from '../scim/index.ts';
import { MAX_MEMBERS, MAX_OPERATIONS, MAX_PATHS } from './limits.ts';

/**
 * Refuses a body that is too much before any of it is looked at more closely (T-DOS-03): what comes after visits each
 * operation, and each element of each list, several times.
 *
 * @throws ScimError 413
 */
export function checkSizes(body: JsonValue, type: ResourceType): void {
  if (!isObject(body)) return;
  const given = field(body, 'operations');
  const operations = Array.isArray(given) ? given : [];
  if (operations.length > MAX_OPERATIONS) {
    throw ScimError.tooLarge(
      `The request has ${operations.length} Operations; at most ${MAX_OPERATIONS} are taken at once. Send them in several requests.`,
    );
  }
  const characters = operations.reduce<number>((sum, operation) => sum + pathLength(operation), 0);
  if (characters > MAX_PATHS) {
    throw ScimError.tooLarge(
      `The paths of the Operations have ${characters} characters; at most ${MAX_PATHS} are taken at once. Send them in several requests.`,
    );
  }
  const elements = operations.reduce<number>((sum, operation) => sum + elementsOf(operation), elementsOf(body));
  if (elements - operations.length > MAX_MEMBERS) {
    const what = type.name === 'Group' ? 'members' : 'values';
    throw ScimError.tooLarge(
      `The request names ${elements - operations.length} ${what}; at most ${MAX_MEMBERS} are taken at once. Send them in several requests.`,
    );
  }
}

/**
 * The lists of an object, and of an operation also those inside its value: `{"op":"add","value":{"members":[…]}}`; and what
 * stands under the URN of a schema.
 */
function elementsOf(value: JsonValue): number {
  if (!isObject(value)) return 0;
  let count = 0;
  for (const [name, inner] of Object.entries(value)) {
    // `schemas` is no list of anybody.
    if (Array.isArray(inner) && name.toLowerCase() !== 'schemas') count += inner.length;
    else if (name.toLowerCase() === 'value' || name.includes(':')) count += elementsOf(inner);
  }
  return count;
}

function pathLength(operation: JsonValue): number {
  if (!isObject(operation)) return 0;
  const path = field(operation, 'path');
  return typeof path === 'string' ? path.length : 0;
}
