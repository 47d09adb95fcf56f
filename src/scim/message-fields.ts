import { ScimError } from './error.ts';
import type { JsonObject, JsonValue } from './value.ts';

/** A field of a message, whatever the case of its name (RFC 7643 §2.1); `parseJson` lets none stand twice. */
export function field(message: JsonObject, name: string): JsonValue | undefined {
  if (Object.hasOwn(message, name)) return message[name];
  const wanted = name.toLowerCase();
  for (const key in message) if (key.length === wanted.length && key.toLowerCase() === wanted) return message[key];
  return undefined;
}

/**
 * RFC 7644 §3.1: a message says by `schemas` what it is.
 *
 * @throws ScimError invalidSyntax
 */
export function checkMessage(message: JsonObject, urn: string): void {
  const schemas = field(message, 'schemas');
  const named =
    Array.isArray(schemas) && schemas.some((one) => typeof one === 'string' && one.toLowerCase() === urn.toLowerCase());
  if (!named) throw ScimError.invalidSyntax(`schemas must be an array with "${urn}".`);
}
