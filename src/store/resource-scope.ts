import type { Attribute, ResourceType, Target } from '../scim/index.ts';
import { namingAttribute } from './columns.ts';
import type { Binds, Dialect, Elements, Scope } from './where.ts';

export interface ResourceScope {
  readonly type: ResourceType;
  /** The SCIM base URL. */
  readonly base: string;
  readonly bindings: Binds;
  /** That of the row's shape. */
  readonly json: Scope;
}

/** A row `r` of `resources`. */
export function resourceScopeOf(given: ResourceScope): Scope {
  const { json } = given;
  return {
    dialect: json.dialect,
    value: (path) => column(path, given) ?? reference(path, given) ?? json.value(path),
    first: json.first,
    length: json.length,
    elements: (path) => memberships(path, given) ?? json.elements(path),
    anything(path) {
      if (isMeta(path)) return json.dialect.true;
      const apart = memberships(path, given);
      return apart === undefined ? json.anything(path) : json.dialect.exists(apart.from, json.dialect.true);
    },
  };
}

function column({ extension, attribute, sub }: Target, given: ResourceScope): string | undefined {
  if (extension !== undefined) return undefined;
  if (attribute.name === 'meta') return metaColumn(sub?.name, given);
  if (sub !== undefined) return undefined;
  if (attribute.name === 'id') return 'r.id';
  if (attribute.name === 'externalId') return 'r.external_id';
  // These keys are folded: an attribute declared caseExact is in the shape as it is.
  if (attribute.caseExact) return undefined;
  if (attribute.name === namingAttribute(given.type)) return 'r.name_key';
  return attribute.name === 'displayName' ? 'r.display_key' : undefined;
}

/** `manager.$ref` is kept relative, and shown whole. */
function reference(path: Target, { base, bindings, json }: ResourceScope): string | undefined {
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
function memberships({ extension, attribute }: Target, { base, bindings, json }: ResourceScope): Elements | undefined {
  if (extension !== undefined || attribute.kept !== 'apart') return undefined;
  const members = attribute.name === 'members';
  const [own, other] = members ? ['group_id', 'member_id'] : ['member_id', 'group_id'];
  const condition = `WHERE m.directory = r.directory AND m.${own} = r.id AND`;
  let labelled = false;
  const label = (): string => {
    labelled = true;
    return labelKey('t');
  };
  const given = { base, bindings, dialect: json.dialect, label };
  return {
    get from() {
      // An id has one row at most, and one that has none keeps its membership.
      const labels = `LEFT JOIN resources t ON t.directory = m.directory AND t.id = m.${other} `;
      return `memberships m ${labelled ? labels : ''}${condition}`;
    },
    value: 'NULL',
    element: members ? memberScope(given) : groupScope(given),
  };
}

interface MembershipScope extends Pick<ResourceScope, 'base' | 'bindings'> {
  readonly dialect: Dialect;
  /** The key of what it is shown as: of the row `t`. */
  readonly label: () => string;
}

/**
 * A membership `m`, with the row `t` of its other end, as its group shows it:
 *
 *     {"value":"2819…","$ref":"https://…/Users/2819…","type":"User","display":"Babs Jensen"}
 */
function memberScope({ base, bindings, dialect, label }: MembershipScope): Scope {
  return membershipScope(dialect, {
    value: () => 'm.member_id',
    type: ({ caseExact }) =>
      caseExact ? 'm.type' : "CASE m.type WHEN 'User' THEN 'user' WHEN 'Group' THEN 'group' END",
    display: label,
    $ref: () =>
      `(${bindings.bind(base)} || CASE m.type WHEN 'User' THEN '/Users/' WHEN 'Group' THEN '/Groups/' END || m.member_id)`,
  });
}

/** A membership `m` as its user shows it: `{"value":"e9e3…","$ref":"https://…/Groups/e9e3…","type":"direct","display":"Tour"}` */
function groupScope({ base, bindings, dialect, label }: MembershipScope): Scope {
  return membershipScope(dialect, {
    value: () => 'm.group_id',
    type: () => "'direct'",
    display: label,
    $ref: () => `(${bindings.bind(base)} || '/Groups/' || m.group_id)`,
  });
}

/** The folded label of a row of `resources`: displayName, else userName. */
export function labelKey(table: string): string {
  return `coalesce(nullif(${table}.display_key, ''), ${table}.name_key)`;
}

/** Its sub-attributes have one value each. */
function membershipScope(dialect: Dialect, columns: Readonly<Record<string, (attribute: Attribute) => string>>): Scope {
  const scope: Scope = {
    dialect,
    value: ({ attribute }) =>
      Object.hasOwn(columns, attribute.name) ? (columns[attribute.name]?.(attribute) ?? 'NULL') : 'NULL',
    first: () => 'NULL',
    length: () => 'NULL',
    elements: () => ({ from: `(SELECT NULL) n WHERE ${dialect.false} AND`, value: 'NULL', element: scope }),
    anything: () => dialect.false,
  };
  return scope;
}
