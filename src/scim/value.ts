/** A value as JSON has them. Objects that come from outside have been through `parseJson`: no duplicate keys, no `__proto__`. */
export type JsonValue = null | boolean | number | string | JsonValue[] | JsonObject;

export interface JsonObject {
  [name: string]: JsonValue;
}
