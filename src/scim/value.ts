/** A value as JSON has them. Objects that come from outside have been through `parseJson`: no duplicate keys, no `__proto__`. */
export type JsonValue = null | boolean | number | string | JsonValue[] | JsonObject;

export interface JsonObject {
  [name: string]: JsonValue;
}

export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Lists with no more elements are never worked on beforehand: it is not worth looking them up. */
export const FEW_ELEMENTS = 16;
