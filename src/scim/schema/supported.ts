import type { Tolerances } from '../request.ts';
import type { ResourceType, Schema } from './attribute.ts';
import { ENTERPRISE_USER } from './enterprise-user.ts';
import { GROUP, GROUP_SHARING_NAMES } from './group.ts';
import { RESOURCE_TYPE_SCHEMA } from './resource-type.ts';
import { SCHEMA_SCHEMA } from './schema.ts';
import { SERVICE_PROVIDER_CONFIG_SCHEMA } from './service-provider-config.ts';
import { USER, USER_SCHEMA } from './user.ts';

/** What `GET /ResourceTypes` lists, in its order. Always the same objects, so they may key a map. */
export function resourceTypes(tolerances: Tolerances): readonly ResourceType[] {
  return tolerances.uniqueGroupNames ? TYPES : TYPES_SHARING_NAMES;
}

/** What `GET /Schemas` lists, in its order. */
export function schemas(tolerances: Tolerances): readonly Schema[] {
  const group = tolerances.uniqueGroupNames ? GROUP : GROUP_SHARING_NAMES;
  return [
    USER_SCHEMA,
    ENTERPRISE_USER,
    group.schema,
    SERVICE_PROVIDER_CONFIG_SCHEMA,
    RESOURCE_TYPE_SCHEMA,
    SCHEMA_SCHEMA,
  ];
}

const TYPES = [USER, GROUP];
const TYPES_SHARING_NAMES = [USER, GROUP_SHARING_NAMES];
