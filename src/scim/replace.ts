import { canonical, checkRequiredOfExtensions } from './canonical.ts';
import { sameValue } from './equal.ts';
import { ScimError } from './error.ts';
import type { Draft, Tolerances } from './request.ts';
import type { Attribute, Resource, ResourceType } from './schema/attribute.ts';
import { META } from './schema/common.ts';
import { dataOf } from './schema/find.ts';
import { isObject, type JsonObject } from './value.ts';

/**
 * What a POST (`before` undefined) or a PUT makes of a resource: what the draft says, and nothing of `before` but what
 * clients cannot change (RFC 7644 §3.5.1, conflict D9), in canonical order.
 *
 * `id` and `meta` come along from `before` when it has them; a new resource has none yet.
 *
 * @throws ScimError mutability when an immutable attribute would change; invalidValue when an extension is missing, or
 *   something of it, that is required
 */
export function replaceResource(
  type: ResourceType,
  before: Resource | undefined,
  draft: Draft,
  tolerances: Tolerances,
): Resource {
  const resource: Resource = { ...draft.attributes };
  settleActive(type, resource, { before, tolerances });
  if (before !== undefined) {
    keepFixed([...dataOf(type), META], { resource, before, prefix: '' });
    for (const { schema } of type.extensions) keepFixedOfExtension(schema, resource, before);
    if (tolerances.dropStaleFormatted) dropStaleFormatted(resource, before);
  }
  checkRequiredOfExtensions(type, resource, before);
  return canonical(type, resource);
}

/** RFC 7643 §4.1.1 leaves the default to us: a user is active. Nobody is deactivated by what is not said. */
function settleActive(
  type: ResourceType,
  resource: Resource,
  { before, tolerances }: { before: Resource | undefined; tolerances: Tolerances },
): void {
  const declared = type.schema.attributes.some((attribute) => attribute.name === 'active');
  if (!declared || resource.active !== undefined) return;
  resource.active = (tolerances.keepActiveOnReplace ? before?.active : undefined) ?? true;
}

interface Keeping {
  readonly resource: JsonObject;
  readonly before: JsonObject;
  /** Before the attribute's name in a detail. */
  readonly prefix: string;
}

/** RFC 7644 §3.5.1: readOnly values are kept; immutable ones too, and must match when they are sent. */
function keepFixed(attributes: readonly Attribute[], { resource, before, prefix }: Keeping): void {
  for (const attribute of attributes) {
    const { name, mutability, multiValued, subAttributes } = attribute;
    const was = before[name];
    if (was === undefined) continue;
    if (mutability === 'readOnly') resource[name] = was;
    else if (mutability === 'immutable') {
      const is = resource[name];
      if (is !== undefined && !sameValue(was, is)) throw immutable(`${prefix}${name}`);
      resource[name] = was;
    } else if (!multiValued && isObject(was) && subAttributes?.some((sub) => sub.mutability === 'immutable')) {
      const given = resource[name];
      const kept: JsonObject = isObject(given) ? { ...given } : {};
      keepFixed(
        subAttributes.filter((sub) => sub.mutability === 'immutable'),
        { resource: kept, before: was, prefix: `${prefix}${name}.` },
      );
      if (Object.keys(kept).length > 0) resource[name] = kept;
    }
  }
}

function keepFixedOfExtension(schema: ResourceType['schema'], resource: Resource, before: Resource): void {
  const was = before[schema.id];
  if (!isObject(was)) return;
  const given = resource[schema.id];
  const kept: JsonObject = isObject(given) ? { ...given } : {};
  keepFixed(schema.attributes, { resource: kept, before: was, prefix: `${schema.id}:` });
  if (Object.keys(kept).length > 0) resource[schema.id] = kept;
}

export function immutable(path: string): ScimError {
  return ScimError.mutability(`${path} cannot be changed once it has a value.`);
}

/**
 * Okta lays its changes over what it read from us, so a new given name comes with the old full name:
 *
 *     was {"formatted":"Mona Octocat","givenName":"Mona","familyName":"Octocat"}
 *     PUT {"formatted":"Mona Octocat","givenName":"Jane","familyName":"Smith"}   → no formatted
 */
function dropStaleFormatted(resource: Resource, before: Resource): void {
  const { name } = resource;
  const was = before.name;
  if (!isObject(name) || !isObject(was) || name.formatted === undefined || name.formatted !== was.formatted) return;
  if (name.givenName === was.givenName && name.familyName === was.familyName) return;
  const { formatted: _, ...rest } = name;
  if (Object.keys(rest).length > 0) resource.name = rest;
  else delete resource.name;
}
