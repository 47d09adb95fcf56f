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

/** The attribute whose values are rows of `keys`. */
export const KEYED = { attribute: 'emails', sub: 'value', name: 'emails.value' } as const;

/**
 * The name that an attribute's values have in `keys`, where they are looked up by value; undefined for one that has none.
 *
 *     emails.value → "emails.value"; costCenter, declared indexed → "urn:example:params:scim:schemas:2.0:user:costcenter"
 */
export function keyNameOf({ extension, attribute, sub }: Target): string | undefined {
  if (extension === undefined)
    return attribute.name === KEYED.attribute && sub?.name === KEYED.sub ? KEYED.name : undefined;
  return sub === undefined && attribute.indexed ? `${extension}:${attribute.name}`.toLowerCase() : undefined;
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
