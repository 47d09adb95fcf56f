import type { NewRecord } from '../directory/index.ts';
import { fold, indexShape, type JsonObject, type ResourceType } from '../scim/index.ts';

/** What a record is found by, beside its id: the columns of `resources`, and its rows of `keys`. */
export interface Columns {
  readonly active: number;
  readonly nameKey: string;
  readonly twin: string;
  readonly externalId: string | null;
  readonly displayKey: string | null;
  readonly label: string;
  readonly shape: string;
  readonly keys: readonly string[];
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
    keys: keysOf(shape),
  };
}

/** What the records of a type are told apart by: a user's userName, anything else's displayName. */
export function namingAttribute(type: ResourceType): 'userName' | 'displayName' {
  return type.name === 'User' ? 'userName' : 'displayName';
}

/** Under `strict` two groups may share a displayName, and their schema says so. */
function namesAreUnique(type: ResourceType): boolean {
  const naming = namingAttribute(type);
  return type.schema.attributes.some(({ name, uniqueness }) => name === naming && uniqueness !== 'none');
}

/** The attribute whose values are rows of `keys`. */
export const KEYED = { attribute: 'emails', sub: 'value', name: 'emails.value' } as const;

/** The folded values of `emails.value`, each once. `shape` may be part of one: attributes as `indexShape` has them. */
export function keysOf(shape: JsonObject): readonly string[] {
  const elements = shape[KEYED.attribute];
  if (!Array.isArray(elements)) return [];
  const keys = new Set<string>();
  for (const element of elements) {
    if (typeof element !== 'object' || element === null || Array.isArray(element)) continue;
    const value = element[KEYED.sub];
    if (typeof value === 'string') keys.add(value);
  }
  return [...keys];
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function nullable(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
