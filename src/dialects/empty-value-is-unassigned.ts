import { type Attribute, DESCRIBING, findSubAttribute, type JsonValue } from '../scim/index.ts';
import type { Rewrite } from './rewrite.ts';

/**
 *     {"op":"Replace","path":"urn:…:enterprise:2.0:User:manager","value":{"value":""}}
 *   → {"op":"Replace","path":"urn:…:enterprise:2.0:User:manager","value":null}
 *
 *     {"phoneNumbers":[{"type":"work","value":""},{"type":"mobile","value":"555-0100"}]}
 *   → {"phoneNumbers":[{"type":"mobile","value":"555-0100"}]}
 *
 * An element that says its value is nothing, and besides only what describes a value, is no element: else a user would
 * show a work number that is not there.
 * Not for `members`: a member without an id is a mistake that the administrator should hear of.
 */
export const emptyValueIsUnassigned: Rewrite = {
  name: 'empty-value-is-unassigned',
  quirks: [28],
  sentBy: 'Entra ID and the Microsoft SCIM Validator, to remove a manager (§2.2, §2.4 "remove manager")',
  value: {
    concerns: (attribute) =>
      attribute.kept === 'inline' && attribute.type === 'complex' && findSubAttribute(attribute, 'value') !== undefined,
    rewrite: (value, attribute) => {
      if (!Array.isArray(value)) return isEmpty(value, attribute) ? null : value;
      return attribute.multiValued && value.some((element) => isEmpty(element, attribute))
        ? value.filter((element) => !isEmpty(element, attribute))
        : value;
    },
  },
};

function isEmpty(element: JsonValue | undefined, attribute: Attribute): boolean {
  if (typeof element !== 'object' || element === null || Array.isArray(element)) return false;
  let isEmpty = false;
  for (const key in element) {
    const isNothing = element[key] === '' || element[key] === null;
    // RFC 7643 §2.1: names in any case.
    const name = findSubAttribute(attribute, key)?.name;
    if (name === 'value' && isNothing) isEmpty = true;
    else if (name !== undefined && !isNothing && attribute.multiValued && !DESCRIBING.has(name)) return false;
  }
  return isEmpty;
}
