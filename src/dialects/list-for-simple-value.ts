import { field, isObject, type JsonObject, type JsonValue } from '../scim/index.ts';
import type { Rewrite } from './rewrite.ts';

/**
 *     {"op":"Replace","path":"displayName","value":[{"$ref":null,"value":"Barbara J"}]}
 *   → {"op":"replace","path":"displayName","value":"Barbara J"}
 *
 *     {"op":"Replace","path":"active","value":["False"]}
 *   → {"op":"replace","path":"active","value":"False"}
 *
 * Only in an operation with a path, where it was seen, and only of one text or boolean: of two nobody can say which, none
 * says nothing, and outside its list nobody knows how a number was written. An element may have a `$ref` that is null, but
 * nothing else: that would mean more than its value. Not of a password, which nobody should take for another.
 */
export const listForSimpleValue: Rewrite = {
  name: 'list-for-simple-value',
  quirks: [],
  sentBy: 'clients of Microsoft’s library of 2019, which writes every value of a PATCH so (azure-docs#42220)',
  value: {
    concerns: ({ type, multiValued, returned }, place) =>
      place === 'operation' && !multiValued && type !== 'complex' && returned !== 'never',
    rewrite: (value) => {
      const only = Array.isArray(value) && value.length === 1 ? value[0] : value;
      const found = isObject(only) ? valueIn(only) : only;
      return typeof found === 'string' || typeof found === 'boolean' ? found : value;
    },
  },
};

function valueIn(element: JsonObject): JsonValue | undefined {
  for (const key in element) {
    const name = key.toLowerCase();
    if (name !== 'value' && !(name === '$ref' && element[key] === null)) return undefined;
  }
  return field(element, 'value');
}
