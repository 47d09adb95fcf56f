import type { Attribute, ResourceType, Target } from '../../scim/index.ts';
import { namingAttribute } from '../columns.ts';
import type { Bindings } from './where.ts';

/** Where the values of a filter's attributes stand: in a row of `resources`, in an element of JSON, in a membership. */
export interface Scope {
  readonly bindings: Bindings;
  /** The key of a single value, or NULL: a column, or a place in the shape. */
  value(path: Target): string;
  /** The same where there are many values: the key of the first one. */
  first(path: Target): string;
  /** How many elements an attribute with many values has, or NULL. */
  length(path: Target): string;
  /** The elements of an attribute with many values, else those of its sub-attribute. `from` ends where a condition may follow. */
  elements(path: Target): Elements;
  /** A condition: some leaf of the attribute is neither null nor empty. */
  anything(path: Target): string;
}

export interface Elements {
  /** `json_each(r.shape, ?4) e WHERE` */
  readonly from: string;
  /** An element that is no object. */
  readonly value: string;
  readonly element: Scope;
}

export interface ResourceScope {
  readonly type: ResourceType;
  /** The SCIM base URL. */
  readonly base: string;
  readonly bindings: Bindings;
}

/** A row `r` of `resources`. */
export function resourceScope(given: ResourceScope): Scope {
  const json = jsonScope('r.shape', given.bindings);
  return {
    bindings: given.bindings,
    value: (path) => column(path, given) ?? reference(path, given, json) ?? json.value(path),
    first: json.first,
    length: json.length,
    elements: (path) => memberships(path, given) ?? json.elements(path),
    anything(path) {
      if (isMeta(path)) return '1';
      const apart = memberships(path, given);
      return apart === undefined ? json.anything(path) : `EXISTS (SELECT 1 FROM ${apart.from} deadline())`;
    },
  };
}

function column({ extension, attribute, sub }: Target, { type, base, bindings }: ResourceScope): string | undefined {
  if (extension !== undefined) return undefined;
  if (attribute.name === 'meta') return metaColumn(sub?.name, { type, base, bindings });
  if (sub !== undefined) return undefined;
  if (attribute.name === 'id') return 'r.id';
  if (attribute.name === 'externalId') return 'r.external_id';
  // These keys are folded: an attribute declared caseExact is in the shape as it is.
  if (attribute.caseExact) return undefined;
  if (attribute.name === namingAttribute(type)) return 'r.name_key';
  return attribute.name === 'displayName' ? 'r.display_key' : undefined;
}

/** `manager.$ref` is kept relative, and shown whole. */
function reference(path: Target, { base, bindings }: ResourceScope, json: Scope): string | undefined {
  return path.sub?.name === '$ref' ? `(${bindings.bind(`${base}/`)} || ${json.value(path)})` : undefined;
}

function isMeta({ extension, attribute, sub }: Target): boolean {
  return extension === undefined && attribute.name === 'meta' && sub === undefined;
}

function metaColumn(name: string | undefined, { type, base, bindings }: ResourceScope): string {
  switch (name) {
    case 'created':
      return 'r.created';
    case 'lastModified':
      return 'r.modified';
    case 'resourceType':
      return 'r.type';
    case 'version':
      return `('W/"' || r.version || '"')`;
    case 'location':
      return `(${bindings.bind(`${base}${type.endpoint}/`)} || r.id)`;
    default:
      return 'NULL';
  }
}

/** The elements of what is kept apart: a group's `members`, a user's `groups`. */
function memberships({ extension, attribute }: Target, { base, bindings }: ResourceScope): Elements | undefined {
  if (extension !== undefined || attribute.kept !== 'apart') return undefined;
  const members = attribute.name === 'members';
  const [own, other] = members ? ['group_id', 'member_id'] : ['member_id', 'group_id'];
  // SQLite leaves the join out where no label is asked for: it takes no row away, and an id has one row at most.
  const from = `memberships m LEFT JOIN resources t ON t.directory = m.directory AND t.id = m.${other}
    WHERE m.directory = r.directory AND m.${own} = r.id AND`;
  return { from, value: 'NULL', element: members ? memberScope({ base, bindings }) : groupScope({ base, bindings }) };
}

type MembershipScope = Pick<ResourceScope, 'base' | 'bindings'>;

/**
 * A membership `m`, with the row `t` of its other end, as its group shows it:
 *
 *     {"value":"2819…","$ref":"https://…/Users/2819…","type":"User","display":"Babs Jensen"}
 */
function memberScope({ base, bindings }: MembershipScope): Scope {
  return membershipScope(bindings, {
    value: () => 'm.member_id',
    type: ({ caseExact }) =>
      caseExact ? 'm.type' : "CASE m.type WHEN 'User' THEN 'user' WHEN 'Group' THEN 'group' END",
    display: () => labelKey('t'),
    $ref: () =>
      `(${bindings.bind(base)} || CASE m.type WHEN 'User' THEN '/Users/' WHEN 'Group' THEN '/Groups/' END || m.member_id)`,
  });
}

/** A membership `m` as its user shows it: `{"value":"e9e3…","$ref":"https://…/Groups/e9e3…","type":"direct","display":"Tour"}` */
function groupScope({ base, bindings }: MembershipScope): Scope {
  return membershipScope(bindings, {
    value: () => 'm.group_id',
    type: () => "'direct'",
    display: () => labelKey('t'),
    $ref: () => `(${bindings.bind(base)} || '/Groups/' || m.group_id)`,
  });
}

/** The folded label of a row of `resources`: displayName, else userName. */
export function labelKey(table: string): string {
  return `coalesce(nullif(${table}.display_key, ''), ${table}.name_key)`;
}

function membershipScope(
  bindings: Bindings,
  columns: Readonly<Record<string, (attribute: Attribute) => string>>,
): Scope {
  return {
    bindings,
    value: ({ attribute }) =>
      Object.hasOwn(columns, attribute.name) ? (columns[attribute.name]?.(attribute) ?? 'NULL') : 'NULL',
    first: () => 'NULL',
    length: () => 'NULL',
    elements: () => NO_ELEMENTS(bindings),
    anything: () => '0',
  };
}

/** Sub-attributes of memberships have one value each. */
const NO_ELEMENTS = (bindings: Bindings): Elements => ({
  from: '(SELECT NULL) WHERE 0 AND',
  value: 'NULL',
  element: jsonScope('NULL', bindings),
});

/** An object of JSON: the shape of a resource, or one element of an attribute. */
function jsonScope(json: string, bindings: Bindings): Scope {
  const at = (...names: readonly (string | undefined)[]): string => bindings.bind(pathOf(names));
  return {
    bindings,
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
