/** What JSON.parse gives. Every reply is read through these: a server under judgement may answer anything. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: Json;
}

export function asObject(value: Json | undefined): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
}

export function asArray(value: Json | undefined): readonly Json[] | undefined {
  return Array.isArray(value) ? value : undefined;
}

export function asText(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** A member by its own name; never one that every object inherits. */
export function member(value: Json | undefined, name: string): Json | undefined {
  const object = asObject(value);
  return object !== undefined && Object.hasOwn(object, name) ? object[name] : undefined;
}

/** Undefined when `text` is not JSON. */
export function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/** Equal as resources are: members in any order, multi-valued attributes in any order (RFC 7643 §2.4). */
export function sameJson(a: Json | undefined, b: Json | undefined): boolean {
  return canonical(a) === canonical(b);
}

function canonical(value: Json | undefined): string {
  const list = asArray(value);
  if (list) return `[${list.map(canonical).sort().join()}]`;
  const object = asObject(value);
  if (!object) return JSON.stringify(value) ?? '';
  const names = Object.keys(object).sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(object[name])}`).join()}}`;
}

/** A value as a sentence shows it: `"Engineer"`, `true`, `nothing`, `an empty string`. */
export function shown(value: Json | undefined): string {
  if (value === undefined) return 'nothing';
  if (value === '') return 'an empty string';
  const text = JSON.stringify(value);
  return text.length > 120 ? `${text.slice(0, 80)}… (${text.length} characters)` : text;
}
