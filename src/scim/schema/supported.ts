import type { Tolerances } from '../request.ts';
import type { Attribute, ResourceType, Schema } from './attribute.ts';
import { type Declared, declaredSchema, declaredType } from './declare.ts';
import { GROUP, GROUP_SHARING_NAMES } from './group.ts';
import { RESOURCE_TYPE_SCHEMA } from './resource-type.ts';
import { SCHEMA_SCHEMA } from './schema.ts';
import { SERVICE_PROVIDER_CONFIG_SCHEMA } from './service-provider-config.ts';
import { USER } from './user.ts';

/** What `GET /ResourceTypes` lists, in its order. Always the same objects, so they may key a map. */
export function resourceTypes(tolerances: Tolerances): readonly ResourceType[] {
  return tolerances.uniqueGroupNames ? TYPES : TYPES_SHARING_NAMES;
}

/** The same with what an application declares. Made once: resource types are known by who they are. */
export function declaredTypes(tolerances: Tolerances, declared: Declared): readonly ResourceType[] {
  const { extensions, entitlements, indexed = [] } = declared;
  if (extensions.length + entitlements.length + indexed.length === 0) return resourceTypes(tolerances);
  const extended = resourceTypes(tolerances).map((plain): ResourceType => {
    const type = withIndexed(plain, indexed);
    const own = extensions.filter(({ of }) => of === type.name);
    const added = own.map((extension) => ({
      schema: declaredSchema(extension),
      required: extension.required ?? false,
    }));
    return added.length === 0 ? type : { ...type, extensions: [...type.extensions, ...added] };
  });
  return [...extended, ...entitlements.map(declaredType)];
}

function withIndexed(type: ResourceType, indexed: readonly string[]): ResourceType {
  if (type.name !== 'User' || indexed.length === 0) return type;
  const mark = (attribute: Attribute) =>
    indexed.includes(attribute.name) ? { ...attribute, indexed: true } : attribute;
  return { ...type, schema: { ...type.schema, attributes: type.schema.attributes.map(mark) } };
}

/** What `GET /Schemas` lists, in its order. */
export function schemas(types: readonly ResourceType[]): readonly Schema[] {
  const described = types.flatMap(({ schema, extensions }) => [schema, ...extensions.map(({ schema }) => schema)]);
  return [...new Set([...described, SERVICE_PROVIDER_CONFIG_SCHEMA, RESOURCE_TYPE_SCHEMA, SCHEMA_SCHEMA])];
}

const TYPES = [USER, GROUP];
const TYPES_SHARING_NAMES = [USER, GROUP_SHARING_NAMES];
