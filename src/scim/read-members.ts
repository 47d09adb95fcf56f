import { ScimError } from './error.ts';
import { checkLength, wrongElement, wrongType } from './read-value.ts';
import type { MemberReference } from './request.ts';
import { isObject, type JsonObject, type JsonValue } from './value.ts';

/**
 * The elements of `members`. Only the id counts, and the type when it is given; `display` and `$ref` are ours to fill.
 *
 *     [{"value":"2819c223","display":"Babs","$ref":null},{"value":"2819c223"}] → [{"value":"2819c223"}]
 *
 * @throws ScimError invalidValue
 */
export function readMembers(values: readonly JsonValue[], path: string): readonly MemberReference[] {
  const members = new Map<string, MemberReference>();
  for (const element of values) {
    if (element === null) continue;
    if (!isObject(element)) throw wrongElement(path, element, 'an object such as {"value":"2819c223"}');
    const member = readMember(element, path);
    if (!members.has(member.value)) members.set(member.value, member);
  }
  return [...members.values()];
}

function readMember(element: JsonObject, path: string): MemberReference {
  let id: JsonValue = null;
  let type: JsonValue = null;
  for (const name of Object.keys(element)) {
    const value = element[name] ?? null;
    switch (name.toLowerCase()) {
      case 'value':
        id = value;
        break;
      case 'type':
        type = value;
        break;
      case 'display':
      case '$ref':
        if (value !== null && typeof value !== 'string') throw wrongType(`${path}.${name}`, value, 'a string');
    }
  }
  if (id === null || id === '') {
    throw ScimError.invalidValue(`${path} has an element without a value; the id of a user or group was expected.`);
  }
  if (typeof id !== 'string') throw wrongType(`${path}.value`, id, 'a string');
  if (type !== null && typeof type !== 'string') throw wrongType(`${path}.type`, type, 'a string');
  checkLength(`${path}.value`, id);
  return type === null ? { value: id } : { value: id, type };
}
