import type { Attribute, ResourceType, Target } from '../../scim/index.ts';
import { resourceScopeOf } from '../resource-scope.ts';
import type { Scope } from '../where.ts';
import type { Bindings } from './bindings.ts';
import { dialectOf, kindOf } from './dialect.ts';

export interface ResourceScope {
  readonly type: ResourceType;
  /** The SCIM base URL. */
  readonly base: string;
  readonly bindings: Bindings;
}

/** A row `r` of `resources`. */
export function resourceScope({ type, base, bindings }: ResourceScope): Scope {
  return resourceScopeOf({ type, base, bindings, json: jsonScope('r.shape', bindings) });
}

/** An object of JSON: the shape of a resource, or one element of an attribute. The elements of a list have their `place`. */
function jsonScope(json: string, bindings: Bindings): Scope {
  const at = (...names: readonly (string | undefined)[]): string =>
    `${bindings.bind(names.filter((name) => name !== undefined))}::text[]`;
  const list = (path: string): string =>
    `CASE WHEN jsonb_typeof(${json} #> ${path}) = 'array' THEN ${json} #> ${path} END`;
  return {
    dialect: dialectOf(bindings),
    value: ({ extension, attribute, sub }) =>
      // A list is no single value.
      sub?.multiValued ? 'NULL' : keyAt(json, at(extension, attribute.name, sub?.name), sub ?? attribute),
    first({ extension, attribute, sub }) {
      const names = [extension, attribute.name, attribute.multiValued ? '0' : undefined];
      return keyAt(json, at(...names, sub?.name, sub?.multiValued ? '0' : undefined), sub ?? attribute);
    },
    length: ({ extension, attribute }) => `jsonb_array_length(${list(at(extension, attribute.name))})`,
    elements({ extension, attribute, sub }) {
      const alias = json === 'r.shape' ? 'e' : 's';
      const path = at(extension, attribute.name, attribute.multiValued ? undefined : sub?.name);
      const one = attribute.multiValued ? attribute : (sub ?? attribute);
      return {
        from: `jsonb_array_elements(${list(path)}) WITH ORDINALITY ${alias} (value, place) WHERE`,
        value: keyAt(`${alias}.value`, "'{}'", one),
        element: jsonScope(`${alias}.value`, bindings),
      };
    },
    anything: (path) => anythingAt(`${json} #> ${at(...namesOf(path))}`),
  };
}

function namesOf({ extension, attribute, sub }: Target): (string | undefined)[] {
  return [extension, attribute.name, sub?.name];
}

/** What is of another type is no key: nothing is cast that cannot be. An attribute may have been declared otherwise before. */
function keyAt(json: string, path: string, attribute: Attribute): string {
  const kind = kindOf(attribute);
  const as = kind === 'text' ? `${json} #>> ${path}` : `(${json} #> ${path})::${kind}`;
  return `CASE WHEN jsonb_typeof(${json} #> ${path}) = '${JSON_TYPE[kind]}' THEN ${as} END`;
}

const JSON_TYPE = { text: 'string', numeric: 'number', boolean: 'boolean' } as const;

function anythingAt(json: string): string {
  return `coalesce(jsonb_path_exists(${json}, '${LEAF}'), FALSE)`;
}

const LEAF = 'strict $.** ? (@.type() == "number" || @.type() == "boolean" || (@.type() == "string" && @ != ""))';
