import { mergeDuplicates, refuseTwoPrimaries } from './elements.ts';
import { ScimError } from './error.ts';
import { checkFormat } from './formats.ts';
import { writtenAsDecimal } from './json.ts';
import type { Tolerances } from './request.ts';
import type { Attribute } from './schema/attribute.ts';
import { findSubAttribute } from './schema/find.ts';
import { holdsToken } from './token.ts';
import { isObject, type JsonObject, type JsonValue } from './value.ts';

export interface ReadContext {
  /** As a detail names it: `emails.value`, `urn:…:enterprise:2.0:User:department`. */
  readonly path: string;
  readonly tolerances: Tolerances;
  /** Where the paths that were given as null or [] are noted. */
  readonly cleared?: string[];
  /** What is left for the texts of the whole resource; absent where that is bounded otherwise. */
  readonly room?: Room;
}

export interface Room {
  characters: number;
}

/** Of all texts of a resource, in UTF-16 units. More are refused before they are compared: no more bytes are kept of one. */
export const MAX_TEXT = 1_048_576;

/** Limits that RFC 7643 leaves to us (SCH-46), in characters and in values of an attribute that is kept inline. */
export const MAX_CHARACTERS = 65_536;
export const MAX_VALUES = 1000;

/**
 * A client's value for an attribute: its type checked, sub-attributes in the schema's spelling, readOnly and unknown
 * ones left out, everything else verbatim.
 *
 *     emails ← [{"VALUE":"a@example.com","Type":"Work","primary":true,"x":1}] → [{"value":"a@example.com","type":"Work","primary":true}]
 *     title  ← null → undefined: unassigned, like [] and {} (RFC 7643 §2.5)
 *
 * Canonical values are advice: others are stored, and all are returned as they came (RFC 7643 §2.3.1, decision 17).
 *
 * @throws ScimError invalidValue that names the attribute, what came and what was expected, and quotes no value
 */
export function readValue(attribute: Attribute, value: JsonValue, context: ReadContext): JsonValue | undefined {
  if (value === null) return unassigned(context);
  if (!attribute.multiValued) return readSingle(attribute, value, context);
  // RFC 7643 §2.4.
  if (!Array.isArray(value)) throw wrongType(context.path, value, 'an array');
  if (value.length === 0) return unassigned(context);
  return readElements(attribute, value, context);
}

function unassigned(context: ReadContext): undefined {
  context.cleared?.push(context.path);
  return undefined;
}

/** The elements of a multi-valued attribute; nulls among them are nothing. */
export function readElements(
  attribute: Attribute,
  values: readonly JsonValue[],
  context: ReadContext,
): JsonValue[] | undefined {
  const { path, tolerances, room } = context;
  checkCount(path, values.length);
  const elements: JsonValue[] = [];
  const ofOne: ReadContext = room === undefined ? { path, tolerances } : { path, tolerances, room };
  values.forEach((value, index) => {
    refuseDecimal(attribute, { holder: values, name: String(index), path });
    const element = value === null ? undefined : readSingle(attribute, value, ofOne);
    if (element !== undefined) elements.push(element);
  });
  const merged = mergeDuplicates(attribute, elements);
  refuseTwoPrimaries(merged, path);
  return merged.length === 0 ? undefined : merged;
}

export function checkCount(path: string, count: number): void {
  if (count <= MAX_VALUES) return;
  throw ScimError.invalidValue(`${path} has ${count} values, but at most ${MAX_VALUES} are kept.`);
}

/** A value of a singular attribute, or one element of a multi-valued one. */
export function readSingle(attribute: Attribute, value: JsonValue, context: ReadContext): JsonValue | undefined {
  if (attribute.type === 'complex') return readComplex(attribute, value, context);
  checkSimple(attribute, value, context);
  return value;
}

function readComplex(attribute: Attribute, value: JsonValue, context: ReadContext): JsonObject | undefined {
  if (!isObject(value)) throw wrongValue(attribute, value, { path: context.path, expected: 'an object' });
  const result: JsonObject = {};
  let isEmpty = true;
  for (const name of Object.keys(value)) {
    const sub = findSubAttribute(attribute, name);
    if (sub === undefined || sub.mutability === 'readOnly') continue;
    const path = `${context.path}.${sub.name}`;
    refuseDecimal(sub, { holder: value, name, path });
    const read = readValue(sub, value[name] ?? null, { ...context, path });
    if (read === undefined) continue;
    result[sub.name] = read;
    isEmpty = false;
  }
  return isEmpty ? undefined : result;
}

function checkSimple(attribute: Attribute, value: JsonValue, context: ReadContext): void {
  const { path } = context;
  switch (attribute.type) {
    case 'boolean':
      if (typeof value !== 'boolean') throw wrongValue(attribute, value, { path, expected: 'true or false' });
      return;
    case 'decimal':
      if (typeof value !== 'number') throw wrongValue(attribute, value, { path, expected: 'a number' });
      return;
    case 'integer':
      if (typeof value !== 'number') throw wrongValue(attribute, value, { path, expected: 'a whole number' });
      if (!Number.isSafeInteger(value)) throw notInteger(path);
      return;
    default:
      if (typeof value !== 'string') {
        throw wrongValue(attribute, value, { path, expected: EXPECTED_TEXT[attribute.type] ?? 'a string' });
      }
      checkLength(path, value);
      if (context.room !== undefined) take(context.room, value, path);
      if (holdsToken(value)) throw tokenIn(path);
      checkFormat(attribute, value, context);
  }
}

const EXPECTED_TEXT: Partial<Record<Attribute['type'], string>> = {
  dateTime: 'a date and time as a string',
  binary: 'a base64 string',
  reference: 'a URI as a string',
};

function tokenIn(path: string): ScimError {
  return ScimError.invalidValue(
    `${path} holds a SCIM token of this service, or what looks like one. A token is a secret and is not kept: check the attribute mapping in your identity provider, and replace the token.`,
  );
}

function take(room: Room, text: string, path: string): void {
  room.characters -= text.length;
  if (room.characters >= 0) return;
  throw ScimError.tooLarge(
    `The values have more than ${MAX_TEXT} characters together (counted up to ${path}), which is the most that is kept of one resource. Send fewer or shorter values.`,
  );
}

export function checkLength(path: string, text: string): void {
  // Counted in characters (I18-07) only when it may matter: each is one or two UTF-16 units.
  if (text.length <= MAX_CHARACTERS) return;
  if (text.length <= 2 * MAX_CHARACTERS && [...text].length <= MAX_CHARACTERS) return;
  throw ScimError.invalidValue(`${path} is longer than ${MAX_CHARACTERS} characters, which is the most that is kept.`);
}

/** RFC 7643 §2.3.4: `1.0` and `1e3` are no integers, which the parsed number cannot tell. */
export function refuseDecimal(attribute: Attribute, at: { holder: object; name: string; path: string }): void {
  if (attribute.type === 'integer' && writtenAsDecimal(at.holder, at.name)) throw notInteger(at.path);
}

function notInteger(path: string): ScimError {
  return ScimError.invalidValue(`${path} must be a whole number, written without a point or an exponent.`);
}

/** What is wrong with one value of many is not said of them all. */
function wrongValue(
  { multiValued }: Attribute,
  value: JsonValue,
  { path, expected }: { path: string; expected: string },
): ScimError {
  return multiValued ? wrongElement(path, value, expected) : wrongType(path, value, expected);
}

export function wrongElement(path: string, value: JsonValue, expected: string): ScimError {
  return ScimError.invalidValue(`Each value of ${path} must be ${expected}, but one is ${kindOf(value)}.`);
}

export function wrongType(path: string, value: JsonValue, expected: string): ScimError {
  return ScimError.invalidValue(`${path} must be ${expected}, but it is ${kindOf(value)}.`);
}

function kindOf(value: JsonValue): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  switch (typeof value) {
    case 'object':
      return 'an object';
    case 'boolean':
      return 'a boolean';
    default:
      return `a ${typeof value}`;
  }
}
