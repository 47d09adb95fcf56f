import type { JsonObject } from '../value.ts';
import type { Attribute, ResourceType, Schema } from './attribute.ts';
import { RESOURCE_TYPE_SCHEMA } from './resource-type.ts';
import { SCHEMA_SCHEMA } from './schema.ts';
import { SERVICE_PROVIDER_CONFIG_SCHEMA } from './service-provider-config.ts';

/**
 * One element of `GET {base}/Schemas`, made from what validates (RFC 7643 §7):
 *
 *     {"schemas":["urn:…:core:2.0:Schema"],"id":"urn:…:core:2.0:User","name":"User","description":"…",
 *      "attributes":[{"name":"userName","type":"string",…}],"meta":{"resourceType":"Schema","location":"…"}}
 */
export function schemaResource(schema: Schema, base: string): JsonObject {
  return {
    schemas: [SCHEMA_SCHEMA.id],
    id: schema.id,
    name: schema.name,
    description: schema.description,
    attributes: schema.attributes.map(published),
    meta: { resourceType: 'Schema', location: `${base}/Schemas/${schema.id}` },
  };
}

/** RFC 7643 §7: what stands here is what is enforced; `kept` is nobody's business but ours. */
function published(attribute: Attribute): JsonObject {
  const { name, type, multiValued, description, required, mutability, returned, uniqueness } = attribute;
  return {
    name,
    type,
    ...(attribute.subAttributes === undefined ? {} : { subAttributes: attribute.subAttributes.map(published) }),
    multiValued,
    description,
    required,
    ...(attribute.canonicalValues?.length ? { canonicalValues: [...attribute.canonicalValues] } : {}),
    caseExact: attribute.caseExact,
    mutability,
    returned,
    uniqueness,
    ...(attribute.referenceTypes === undefined ? {} : { referenceTypes: [...attribute.referenceTypes] }),
  };
}

/**
 * One element of `GET {base}/ResourceTypes` (RFC 7643 §6):
 *
 *     {"schemas":["urn:…:core:2.0:ResourceType"],"id":"User","name":"User","description":"…","endpoint":"/Users",
 *      "schema":"urn:…:core:2.0:User","schemaExtensions":[{"schema":"urn:…:enterprise:2.0:User","required":false}],
 *      "meta":{"resourceType":"ResourceType","location":"…"}}
 */
export function resourceTypeResource(type: ResourceType, base: string): JsonObject {
  return {
    schemas: [RESOURCE_TYPE_SCHEMA.id],
    id: type.id,
    name: type.name,
    description: type.description,
    endpoint: type.endpoint,
    schema: type.schema.id,
    schemaExtensions: type.extensions.map(({ schema, required }) => ({ schema: schema.id, required })),
    meta: { resourceType: 'ResourceType', location: `${base}/ResourceTypes/${type.id}` },
  };
}

export interface ServiceProviderOptions {
  /** How many resources one reply lists at most, and when the client does not say. */
  readonly maxResults: number;
  readonly defaultCount: number;
  readonly maxBulkOperations: number;
  /** In bytes. */
  readonly maxBulkPayload: number;
  /** How long a cursor may be used, in seconds. */
  readonly cursorTimeout: number;
  /** A client may set passwords. */
  readonly changePassword: boolean;
  /** A page for people. */
  readonly documentationUri?: string;
}

/** `GET {base}/ServiceProviderConfig` (RFC 7643 §5). What it says is what the server does. */
export function serviceProviderConfig(options: ServiceProviderOptions, base: string): JsonObject {
  return {
    schemas: [SERVICE_PROVIDER_CONFIG_SCHEMA.id],
    ...(options.documentationUri === undefined ? {} : { documentationUri: options.documentationUri }),
    patch: { supported: true },
    bulk: { supported: true, maxOperations: options.maxBulkOperations, maxPayloadSize: options.maxBulkPayload },
    filter: { supported: true, maxResults: options.maxResults },
    changePassword: { supported: options.changePassword },
    sort: { supported: true },
    etag: { supported: true },
    // RFC 9865 §4. Who does not ask for a cursor pages by index (§2.4).
    pagination: {
      cursor: true,
      index: true,
      defaultPaginationMethod: 'index',
      defaultPageSize: options.defaultCount,
      maxPageSize: options.maxResults,
      cursorTimeout: options.cursorTimeout,
    },
    authenticationSchemes: [
      {
        type: 'oauthbearertoken',
        name: 'Bearer token',
        description: 'Authorization: Bearer, followed by the token of a credential.',
        specUri: 'https://www.rfc-editor.org/info/rfc6750',
        primary: true,
      },
      {
        type: 'httpbasic',
        name: 'HTTP Basic',
        description: 'Authorization: Basic, with any user name and the token of a credential as the password.',
        specUri: 'https://www.rfc-editor.org/info/rfc7617',
        primary: false,
      },
    ],
    meta: { resourceType: 'ServiceProviderConfig', location: `${base}/ServiceProviderConfig` },
  };
}
