import { ScimError } from './error.ts';
import type { View, ViewPath } from './request.ts';
import type { Attribute, Resource, ResourceType } from './schema/attribute.ts';
import { findExtension, findTarget, isBaseSchema, onRequestOf } from './schema/find.ts';
import { isObject, type JsonObject, type JsonValue } from './value.ts';

export interface ViewParameters {
  /** `userName,name.givenName` as in a URL, or the array of a SearchRequest. */
  readonly attributes?: string | readonly string[];
  readonly excludedAttributes?: string | readonly string[];
}

/**
 * RFC 7644 §3.9: what of a resource a reply shows. Names in any case, with or without their URN; an extension's URN is
 * all of it. Names that no schema has are dropped: `attributes=nope` shows the minimum, `attributes=` says nothing.
 *
 * @throws ScimError invalidValue when both are given (conflict D13)
 */
export function readView(type: ResourceType, parameters: ViewParameters): View {
  const attributes = namesIn(parameters.attributes);
  const excluded = namesIn(parameters.excludedAttributes);
  if (attributes.length > 0 && excluded.length > 0) {
    throw ScimError.invalidValue('attributes and excludedAttributes were both given; give one of them.');
  }
  if (attributes.length > 0) return { attributes: attributes.flatMap((name) => findPaths(type, name)) };
  if (excluded.length > 0) return { excluded: excluded.flatMap((name) => findPaths(type, name)) };
  return {};
}

function namesIn(given: string | readonly string[] | undefined): readonly string[] {
  const names = typeof given === 'string' ? given.split(',') : (given ?? []);
  return names.map((name) => name.trim()).filter((name) => name !== '');
}

function findPaths(type: ResourceType, text: string): readonly ViewPath[] {
  const extension = findExtension(type, text);
  if (extension !== undefined) return [{ wholeExtension: extension.id }];
  if (isBaseSchema(type, text)) return type.schema.attributes.map((attribute) => ({ attribute }));
  const colon = text.lastIndexOf(':');
  const [name = '', sub, ...rest] = text.slice(colon + 1).split('.');
  if (rest.length > 0) return [];
  const target = findTarget(type, {
    name,
    ...(colon === -1 ? {} : { urn: text.slice(0, colon) }),
    ...(sub === undefined ? {} : { sub }),
  });
  return target === undefined ? [] : [target];
}

/**
 * The part of a resource, in its own order, that a reply shows (RFC 7643 §7, RFC 7644 §3.9): what is returned `always`,
 * and of the rest what the view names, or does not exclude; never what is returned `never`. `schemas` stays as it is.
 */
export function project(type: ResourceType, resource: Resource, view: View): Resource {
  const projection = projectionOf(view);
  const result: Resource = {};
  for (const name of Object.keys(resource)) {
    const value = resource[name];
    if (value === undefined) continue;
    const attribute = findTarget(type, { name })?.attribute;
    const shown =
      attribute === undefined
        ? projectExtension(type, { urn: name, value }, projection)
        : projectAttribute(attribute, value, { projection, named: projection.base.get(attribute.name) });
    if (shown !== undefined) result[name] = shown;
  }
  return result;
}

/** Whether a reply with this view shows all that is kept of a resource: it need not be looked at. */
export function showsAll(type: ResourceType, { attributes, excluded }: View): boolean {
  return attributes === undefined && excluded === undefined && onRequestOf(type).length === 0;
}

/** Whether a reply with this view has the attribute at all: what it does not have need not be read. */
export function shows(type: ResourceType, view: View, name: string): boolean {
  const attribute = findTarget(type, { name })?.attribute;
  if (attribute === undefined) return false;
  const projection = projectionOf(view);
  return isShown(attribute, { projection, named: projection.base.get(attribute.name) });
}

/** What a view names of an attribute: all of it, or some of its sub-attributes. */
type Named = 'whole' | Set<string>;

interface Projection {
  /** `only` what is named, `all but` what is named, or all. */
  readonly kind: 'only' | 'all but' | 'all';
  readonly base: ReadonlyMap<string, Named>;
  /** By the extension's URN. */
  readonly extensions: ReadonlyMap<string, 'whole' | ReadonlyMap<string, Named>>;
  readonly written: ReadonlySet<Attribute>;
}

interface Asked {
  readonly projection: Projection;
  readonly named: Named | undefined;
}

const projections = new WeakMap<View, Projection>();

/** Built once a view, which may project a page of resources. */
function projectionOf(view: View): Projection {
  let projection = projections.get(view);
  if (projection === undefined) {
    projection = buildProjection(view);
    projections.set(view, projection);
  }
  return projection;
}

function buildProjection(view: View): Projection {
  const base = new Map<string, Named>();
  const extensions = new Map<string, 'whole' | Map<string, Named>>();
  for (const path of view.attributes ?? view.excluded ?? []) {
    if ('wholeExtension' in path) extensions.set(path.wholeExtension, 'whole');
    else if (path.extension === undefined) note(base, path);
    else {
      const named = extensions.get(path.extension) ?? new Map<string, Named>();
      if (named === 'whole') continue;
      note(named, path);
      extensions.set(path.extension, named);
    }
  }
  const kind = view.attributes !== undefined ? 'only' : view.excluded !== undefined ? 'all but' : 'all';
  return { kind, base, extensions, written: view.written ?? NONE };
}

function note(into: Map<string, Named>, { attribute, sub }: { attribute: Attribute; sub?: Attribute }): void {
  const named = into.get(attribute.name);
  if (sub === undefined) into.set(attribute.name, 'whole');
  else if (named === undefined) into.set(attribute.name, new Set([sub.name]));
  else if (named !== 'whole') named.add(sub.name);
}

function projectAttribute(attribute: Attribute, value: JsonValue, asked: Asked): JsonValue | undefined {
  if (!isShown(attribute, asked)) return undefined;
  if (attribute.subAttributes === undefined) return value;
  const { projection, named } = asked;
  const whole = projection.written === NONE ? ALL : { ...ALL, written: projection.written };
  const parts: Asked = { projection: named instanceof Set ? projection : whole, named: undefined };
  const subs = attribute.subAttributes.filter((sub) =>
    isShown(sub, named instanceof Set ? { ...parts, named: named.has(sub.name) ? 'whole' : undefined } : parts),
  );
  return subs.length === attribute.subAttributes.length ? value : pickAll(value, subs);
}

const NONE: ReadonlySet<Attribute> = new Set();
const ALL: Projection = { kind: 'all', base: new Map(), extensions: new Map(), written: NONE };

function isShown(attribute: Attribute, { projection, named }: Asked): boolean {
  const { returned } = attribute;
  if (returned === 'always') return true;
  if (returned === 'never') return false;
  switch (projection.kind) {
    case 'only':
      return named !== undefined;
    case 'all but':
      return named !== 'whole' && (returned === 'default' || projection.written.has(attribute));
    case 'all':
      return returned === 'default' || projection.written.has(attribute);
  }
}

/** An object with nothing left to show is not shown, nor is an array of such. */
function pickAll(value: JsonValue, subs: readonly Attribute[]): JsonValue | undefined {
  if (!Array.isArray(value)) return pick(value, subs);
  const elements = value.map((element) => pick(element, subs)).filter((element) => element !== undefined);
  return elements.length === 0 ? undefined : elements;
}

function pick(value: JsonValue, subs: readonly Attribute[]): JsonValue | undefined {
  if (!isObject(value)) return value;
  const result: JsonObject = {};
  let isEmpty = true;
  for (const { name } of subs) {
    const part = value[name];
    if (part === undefined) continue;
    result[name] = part;
    isEmpty = false;
  }
  return isEmpty ? undefined : result;
}

function projectExtension(
  type: ResourceType,
  { urn, value }: { urn: string; value: JsonValue },
  projection: Projection,
): JsonValue | undefined {
  const schema = findExtension(type, urn);
  if (schema === undefined || !isObject(value)) return undefined;
  const chosen = projection.extensions.get(schema.id);
  const result: JsonObject = {};
  for (const attribute of schema.attributes) {
    const part = value[attribute.name];
    if (part === undefined) continue;
    const named = chosen === 'whole' ? wholeOf(attribute, projection) : chosen?.get(attribute.name);
    const shown = projectAttribute(attribute, part, { projection, named });
    if (shown !== undefined) result[attribute.name] = shown;
  }
  return Object.keys(result).length === 0 ? undefined : result;
}

/** Asking for a whole extension is not asking for what is returned only when it is named. */
function wholeOf({ returned }: Attribute, { kind }: Projection): Named | undefined {
  return kind === 'only' && returned === 'request' ? undefined : 'whole';
}
