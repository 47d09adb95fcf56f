import type { ResourceType } from '../../scim/index.ts';
import { resourceScopeOf } from '../resource-scope.ts';
import type { Scope } from '../where.ts';
import type { Bindings } from './bindings.ts';
import { dialectOf } from './dialect.ts';

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

/** An object of JSON: the shape of a resource, or one element of an attribute. */
function jsonScope(json: string, bindings: Bindings): Scope {
  const at = (...names: readonly (string | undefined)[]): string => bindings.bind(pathOf(names));
  return {
    dialect: dialectOf(bindings),
    value: ({ extension, attribute, sub }) =>
      // A list is no single value.
      sub?.multiValued ? 'NULL' : `json_extract(${json}, ${at(extension, attribute.name, sub?.name)})`,
    first({ extension, attribute, sub }) {
      const element = `${pathOf([extension, attribute.name])}${attribute.multiValued ? '[0]' : ''}`;
      const path = sub === undefined ? element : `${element}${stepTo(sub.name)}${sub.multiValued ? '[0]' : ''}`;
      return `json_extract(${json}, ${bindings.bind(path)})`;
    },
    length: ({ extension, attribute }) => `json_array_length(${json}, ${at(extension, attribute.name)})`,
    elements({ extension, attribute, sub }) {
      const alias = json === 'r.shape' ? 'e' : 's';
      const path = at(extension, attribute.name, attribute.multiValued ? undefined : sub?.name);
      return {
        from: `json_each(${json}, ${path}) ${alias} WHERE`,
        value: `${alias}.atom`,
        element: jsonScope(`${alias}.value`, bindings),
      };
    },
    anything({ extension, attribute, sub }) {
      const path = at(extension, attribute.name, sub?.name);
      return `(deadline() AND EXISTS (SELECT 1 FROM json_tree(${json}, ${path}) x WHERE deadline() AND x.atom <> ''))`;
    },
  };
}

/** `$."urn:…:User"."department"` */
function pathOf(names: readonly (string | undefined)[]): string {
  return names.reduce<string>((path, name) => (name === undefined ? path : path + stepTo(name)), '$');
}

/** The names are schemas', which hold no quotes. */
function stepTo(name: string): string {
  if (/["\\]/.test(name)) throw new TypeError(`no JSON path leads to ${name}`);
  return `."${name}"`;
}
