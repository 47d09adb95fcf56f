import { baseSchemaAsKey } from './base-schema-as-key.ts';
import { booleanAsString } from './boolean-as-string.ts';
import { dottedKeysWithoutPath } from './dotted-keys-without-path.ts';
import { emailForEmails } from './email-for-emails.ts';
import { emptyStringIsUnassigned } from './empty-string-is-unassigned.ts';
import { emptyValueIsUnassigned } from './empty-value-is-unassigned.ts';
import { extensionAttributeWithoutUrn } from './extension-attribute-without-urn.ts';
import { filterInAttributes } from './filter-in-attributes.ts';
import { listForSimpleValue } from './list-for-simple-value.ts';
import { listForSingleValue } from './list-for-single-value.ts';
import { managerAsString } from './manager-as-string.ts';
import { memberAsString } from './member-as-string.ts';
import { noOperations } from './no-operations.ts';
import { numberAsString } from './number-as-string.ts';
import { numberForString } from './number-for-string.ts';
import { removeMembersByValue } from './remove-members-by-value.ts';
import type { Rewrite } from './rewrite.ts';
import { singleValueForMultiValued } from './single-value-for-multi-valued.ts';
import { unknownExtensionInPath } from './unknown-extension-in-path.ts';
import { urnColonKeys } from './urn-colon-keys.ts';
import { urnColonKeysWithoutPath } from './urn-colon-keys-without-path.ts';
import { valuePathInFilter } from './value-path-in-filter.ts';

/** Every rewrite, in the order in which they are tried: what one gives is what the next is given. */
export const REWRITES: readonly Rewrite[] = [
  // Whole bodies and operations first, so that each value is looked at where it belongs.
  noOperations,
  baseSchemaAsKey,
  urnColonKeys,
  urnColonKeysWithoutPath,
  dottedKeysWithoutPath,
  removeMembersByValue,
  unknownExtensionInPath,
  extensionAttributeWithoutUrn,
  emailForEmails,
  valuePathInFilter,
  filterInAttributes,
  // Lists before their elements; "" before what would make an element of it.
  listForSingleValue,
  listForSimpleValue,
  emptyStringIsUnassigned,
  emptyValueIsUnassigned,
  singleValueForMultiValued,
  managerAsString,
  memberAsString,
  booleanAsString,
  numberForString,
  numberAsString,
];

type Hook = Exclude<keyof Rewrite, 'name' | 'quirks' | 'sentBy'>;

/** Those that have this hook, in the same order: what is asked of every request passes all others by. */
export function rewritesWith<Name extends Hook>(
  name: Name,
): readonly { readonly name: string; readonly hook: NonNullable<Rewrite[Name]> }[] {
  return REWRITES.flatMap((rewrite) => {
    const hook = rewrite[name];
    return hook === undefined ? [] : [{ name: rewrite.name, hook }];
  });
}
