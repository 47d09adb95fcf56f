import type { NewRecord } from '../directory/index.ts';
import { fold, indexShape, type JsonObject, type ResourceType, type Target } from '../scim/index.ts';

/** What a record is found by, beside its id and its rows of `keys`: the columns of `resources`. */
export interface Columns {
  readonly active: number;
  readonly nameKey: string;
  readonly twin: string;
  readonly externalId: string | null;
  readonly displayKey: string | null;
  readonly label: string;
  readonly shape: string;
  /** The shape itself, for the rows of `keys` (`keys.ts`). */
  readonly folded: JsonObject;
}

export function columnsOf({ type, id, resource }: NewRecord): Columns {
  const shape = indexShape(type, resource);
  const naming = namingAttribute(type);
  return {
    active: resource.active === false ? 0 : 1,
    nameKey: fold(text(resource[naming])),
    twin: namesAreUnique(type) ? '' : id,
    externalId: nullable(resource.externalId),
    displayKey: naming === 'displayName' ? null : nullable(shape.displayName),
    label: text(resource.displayName) || text(resource[naming]),
    shape: JSON.stringify(shape),
    folded: shape,
  };
}

/** What the records of a type are told apart by: a user's userName, anything else's displayName. */
export function namingAttribute(type: ResourceType): 'userName' | 'displayName' {
  return type.name === 'User' ? 'userName' : 'displayName';
}

/** Under `strict` two groups may share a displayName, and their schema says so. */
export function namesAreUnique(type: ResourceType): boolean {
  const naming = namingAttribute(type);
  return type.schema.attributes.some(({ name, uniqueness }) => name === naming && uniqueness !== 'none');
}

/** The attribute whose values are always rows of `keys`. */
export const KEYED = { attribute: 'emails', sub: 'value', name: 'emails.value' } as const;

/** The name in `keys` of the roles that users are said to have, where their schema marks `roles` as indexed. */
export const ROLES = 'roles.value';

/**
 * The name that an attribute's values have in `keys`, where they are looked up by value; undefined for one that has none.
 *
 *     emails.value → "emails.value"; roles.value, where roles is indexed → "roles.value";
 *     costCenter, declared indexed → "urn:example:params:scim:schemas:2.0:user:costcenter"
 */
export function keyNameOf({ extension, attribute, sub }: Target): string | undefined {
  if (extension === undefined) {
    const isKeyed = attribute.name === KEYED.attribute || (attribute.indexed && attribute.type === 'complex');
    return isKeyed && sub?.name === KEYED.sub ? keyNameOfElements(attribute.name) : undefined;
  }
  return sub === undefined && attribute.indexed ? `${extension}:${attribute.name}`.toLowerCase() : undefined;
}

/** Of an attribute whose elements are objects, which are found by their `value`. */
export function keyNameOfElements(attribute: string): string {
  return `${attribute}.${KEYED.sub}`;
}

/** The text that the key of a value is in `keys`, whose values are text: of numbers as JSON writes them. */
export function keyText(key: string | number): string {
  return String(key);
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function nullable(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
