import { DEFAULT_POLICY, type Features } from '../directory/index.ts';
import {
  listResponse,
  type ResourceType,
  resourceTypeResource,
  ScimError,
  type ServiceProviderOptions,
  schemaResource,
  schemas,
  serviceProviderConfig,
  shorten,
} from '../scim/index.ts';
import type { Call, Reply } from './call.ts';
import type { Caller } from './caller.ts';
import { CURSOR_TIMEOUT } from './cursor.ts';
import { offeredTypes } from './features.ts';
import { MAX_BODY, MAX_BULK_OPERATIONS, PAGES } from './limits.ts';
import type { Rules } from './rules.ts';

/** What a client may know before it has a token: RFC 7643 §5 names how to get one there. It says nothing of any customer. */
export function isPublic({ method, segments }: Call): boolean {
  return segments.length === 1 && segments[0] === 'ServiceProviderConfig' && (method === 'GET' || method === 'HEAD');
}

/**
 * RFC 7644 §4. Query parameters do nothing here, but a filter is 403: it would look as if it had been applied.
 *
 * @throws ScimError 403, 404
 */
export function discover(call: Call, rules: ReadonlyMap<string, Rules>, caller?: Caller): Reply {
  if (new URLSearchParams(call.query).has('filter')) {
    throw ScimError.forbidden(`A filter is not possible at /${call.segments[0]} (RFC 7644 §4). Ask without one.`);
  }
  const { types = [], features = DEFAULT_POLICY.features } = rules.get(call.application) ?? {};
  const place = { ...call, base: baseFor(call) };
  const body = JSON.stringify(documentOf(place, { types: offeredTypes(types, features), features }));
  return {
    status: 200,
    headers: { 'content-type': 'application/scim+json' },
    body,
    note: {
      outcome: 'discovered',
      ...(caller === undefined ? {} : { directory: caller.directory.id, credential: caller.by.id }),
    },
  };
}

/** Where any organization's slug may stand in the host, a place is told from there on, as RFC 3986 §4.2 has it. */
function baseFor({ base }: Call): string {
  return base.replace(/^[a-z]+:\/\/\*[^/]*/, '');
}

interface Offered {
  readonly types: readonly ResourceType[];
  readonly features: Features;
}

function documentOf({ base, segments: [first, name] }: Call, { types, features }: Offered): object {
  if (first === 'ServiceProviderConfig') {
    if (name === undefined) return serviceProviderConfig({ ...ABILITIES, changePassword: features.syncPassword }, base);
  } else if (first === 'ResourceTypes') {
    if (name === undefined) return all(types.map((type) => resourceTypeResource(type, base)));
    const type = types.find(({ id }) => id.toLowerCase() === name.toLowerCase());
    if (type !== undefined) return resourceTypeResource(type, base);
  } else {
    if (name === undefined) return all(schemas(types).map((schema) => schemaResource(schema, base)));
    // RFC 7644 §3.10: URNs compare without case.
    const schema = schemas(types).find(({ id }) => id.toLowerCase() === name.toLowerCase());
    if (schema !== undefined) return schemaResource(schema, base);
  }
  throw ScimError.notFound(`/${first} has no "${shorten(name ?? '')}".`);
}

const ABILITIES: Omit<ServiceProviderOptions, 'changePassword'> = {
  maxResults: PAGES.maxCount,
  defaultCount: PAGES.defaultCount,
  maxBulkOperations: MAX_BULK_OPERATIONS,
  maxBulkPayload: MAX_BODY,
  cursorTimeout: CURSOR_TIMEOUT,
};

function all(resources: ReturnType<typeof schemaResource>[]): object {
  return listResponse(resources.length, 1, resources);
}
