import { dateTimeKey } from './date-time.ts';
import { fold } from './fold.ts';
import type { Attribute } from './schema/attribute.ts';
import type { JsonValue } from './value.ts';

/** What is compared in place of a value. */
export type ValueKey = string | number | boolean;

/**
 * The key of one value of an attribute (of one element, when it has many): what filters compare and the store indexes.
 *
 *     userName "BJensen" → "bjensen" · externalId "Ab" (caseExact) → "Ab" · active true → true
 *     meta.created "2011-05-13T06:42:34+02:00" → "2011-05-13T04:42:34.000Z"
 *
 * undefined when the value has no key: null, objects and arrays, and what is not of the attribute's type.
 */
export function valueKey(attribute: Attribute, value: JsonValue | undefined): ValueKey | undefined {
  switch (attribute.type) {
    case 'complex':
      return undefined;
    case 'boolean':
      return typeof value === 'boolean' ? value : undefined;
    case 'integer':
    case 'decimal':
      return typeof value === 'number' ? value : undefined;
    case 'dateTime':
      return typeof value === 'string' ? dateTimeKey(value) : undefined;
    case 'string':
    case 'reference':
    case 'binary':
      if (typeof value !== 'string') return undefined;
      return attribute.caseExact ? value : fold(value);
  }
}
