import { ScimError } from './error.ts';
import { checkLength, wrongElement, wrongType } from './read-value.ts';
import type { MemberReference } from './request.ts';
import { FEW_ELEMENTS, isObject, type JsonObject, type JsonValue } from './value.ts';

/**
 * The elements of `members`. Only the id counts, and the type when it is given; `display` and `$ref` are ours to fill.
 *
 *     [{"value":"2819c223","display":"Babs","$ref":null},{"value":"2819c223"}] → [{"value":"2819c223"}]
 *
 * @throws ScimError invalidValue
 */
export function readMembers(values: readonly JsonValue[], path: string): readonly MemberReference[] {
  const before = values.length > FEW_ELEMENTS ? readBefore.get(values) : undefined;
  if (before?.path === path) {
    if (before.error !== undefined) throw before.error;
    return before.members;
  }
  const members = new Map<string, MemberReference>();
  for (const element of values) readInto(members, element, path);
  return [...members.values()];
}

/** Of a list in a long body, in steps: `readMembers` knows then what it says of it. */
export function* readMembersInSteps(values: readonly JsonValue[], path: string): Generator<void, void> {
  if (values.length <= FEW_ELEMENTS) return;
  const members = new Map<string, MemberReference>();
  try {
    for (const [index, element] of values.entries()) {
      readInto(members, element, path);
      if (index % IN_A_STEP === IN_A_STEP - 1) yield;
    }
    readBefore.set(values, { path, members: [...members.values()] });
  } catch (error) {
    if (!(error instanceof ScimError)) throw error;
    readBefore.set(values, { path, members: [], error });
  }
}

const IN_A_STEP = 1000;

/** Lists of these were read beforehand, by the very array. What becomes of it lasts as long as the request. */
const readBefore = new WeakMap<readonly JsonValue[], Read>();

interface Read {
  readonly path: string;
  readonly members: readonly MemberReference[];
  /** What is wrong with one of them: to be told where it is asked for. */
  readonly error?: ScimError;
}

function readInto(members: Map<string, MemberReference>, element: JsonValue, path: string): void {
  if (element === null) return;
  if (!isObject(element)) throw wrongElement(path, element, 'an object such as {"value":"2819c223"}');
  const member = readMember(element, path);
  if (!members.has(member.value)) members.set(member.value, member);
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
