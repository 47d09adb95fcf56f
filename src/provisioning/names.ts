import { field, isObject, type JsonValue, ScimError } from '../scim/index.ts';
import { MAX_NAMES, MAX_PATHS } from './limits.ts';

/**
 * Refuses a PATCH whose operations have more names than attributes could account for (T-DOS-03): each is looked up, and
 * one that looks like a path is read as one. Names inside lists are not counted: what reads a list asks for few of them.
 *
 *     {"Operations":[{"op":"replace","value":{"title":"x","name":{"givenName":"y"}}}]}     five: op, value, title, name, givenName
 *
 * @throws ScimError 413
 */
export function checkNames(body: JsonValue): void {
  const operations = isObject(body) && field(body, 'operations');
  if (!Array.isArray(operations)) return;
  const total: Total = { names: 0, characters: 0 };
  for (const operation of operations) {
    count(operation, total);
    if (total.names > MAX_NAMES || total.characters > MAX_PATHS) break;
  }
  if (total.names > MAX_NAMES) {
    throw ScimError.tooLarge(
      `The Operations have more than ${MAX_NAMES} names in their objects, the most that are taken at once. Send them in several requests.`,
    );
  }
  if (total.characters > MAX_PATHS) {
    throw ScimError.tooLarge(
      `The names in the objects of the Operations have more than ${MAX_PATHS} characters, the most that are taken at once. Send them in several requests.`,
    );
  }
}

interface Total {
  names: number;
  characters: number;
}

/** No deeper than JSON was read. */
function count(value: JsonValue, total: Total): void {
  if (!isObject(value)) return;
  for (const name in value) {
    total.names += 1;
    total.characters += name.length;
    count(value[name] ?? null, total);
  }
}
