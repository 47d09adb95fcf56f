import {
  type Filter,
  type PatchPath,
  parsePath,
  type ResourceType,
  resolvePath,
  ScimError,
  type Target,
} from '../scim/index.ts';

/** An attribute that is kept, as the schemas spell it. */
export interface Kept {
  /** As it was declared. */
  readonly path: string;
  /** [`name`, `givenName`]; of an extension its URN first. */
  readonly names: readonly string[];
  /** All of them. */
  readonly where?: readonly Condition[];
}

interface Condition {
  readonly sub: string;
  readonly value: string | boolean;
}

export type KeptRead =
  | { readonly kind: 'kept'; readonly kept: Kept }
  /** The end of a sentence that begins with what was declared. */
  | { readonly kind: 'wrong'; readonly wrong: string };

/**
 * An element of `keep`, looked up in the schemas of a user:
 *
 *     name.givenName · emails · emails[type eq "work" and primary eq true] · urn:…:enterprise:2.0:User ·
 *     urn:…:enterprise:2.0:User:department
 */
export function readKept(path: string, user: ResourceType): KeptRead {
  let found: PatchPath;
  try {
    found = resolvePath(parsePath(path, { unquotedValues: false }), user);
  } catch (error) {
    if (error instanceof ScimError) return wrong('is no attribute of a user');
    throw error;
  }
  if (found.kind === 'extension') return { kind: 'kept', kept: { path, names: [found.urn] } };
  const { extension, attribute, sub } = found.target;
  const names = [
    ...(extension === undefined ? [] : [extension]),
    attribute.name,
    ...(sub === undefined ? [] : [sub.name]),
  ];
  const ours = attribute.mutability === 'readOnly' || (extension === undefined && OURS.has(attribute.name));
  if (ours) return wrong('is not for providers to give');
  if (found.kind === 'attribute') return { kind: 'kept', kept: { path, names } };
  const where = whereOf(found.filter);
  if (where === undefined || found.sub !== undefined) {
    return wrong(NOT_UNDERSTOOD);
  }
  return { kind: 'kept', kept: { path, names, where } };
}

const NOT_UNDERSTOOD =
  'is not understood here: expected whole elements of one kind, like emails[type eq "work" and primary eq true]';

const OURS: ReadonlySet<string> = new Set(['schemas', 'id', 'meta', 'groups']);

function wrong(what: string): KeptRead {
  return { kind: 'wrong', wrong: what };
}

/** `type eq "work"`, or several with `and`, each of another part. */
function whereOf(filter: Filter<Target>): readonly Condition[] | undefined {
  const conditions = (filter.kind === 'and' ? filter.terms : [filter]).map(conditionOf);
  if (!conditions.every((condition) => condition !== undefined)) return undefined;
  return new Set(conditions.map(({ sub }) => sub)).size === conditions.length ? conditions : undefined;
}

function conditionOf(filter: Filter<Target>): Condition | undefined {
  if (filter.kind !== 'compare' || filter.operator !== 'eq') return undefined;
  const { value } = filter;
  if (typeof value !== 'string' && typeof value !== 'boolean') return undefined;
  return { sub: filter.path.attribute.name, value };
}
