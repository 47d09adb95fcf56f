import { type ResourceType, ScimError, shorten } from '../scim/index.ts';
import type { Call, Reply } from './call.ts';
import type { Caller } from './caller.ts';

/** Where a call knocked. `id` is absent at a type's own endpoint. */
export type Place =
  | { readonly kind: 'resources'; readonly type: ResourceType; readonly id?: string }
  | { readonly kind: 'discovery' }
  | { readonly kind: 'options'; readonly reply: Reply };

const READS = ['GET', 'HEAD', 'OPTIONS'];

/** Endpoints of the standard that this service does not offer: RFC 7644 §3.12 has 501 for them. */
const BULK = 'Bulk requests are not supported here (see /ServiceProviderConfig). Send the operations one by one.';
const SEARCH = 'POST searches are not supported here. Use GET with a filter.';

/**
 * The same call at the endpoint's registered name: `/users/2819` is `/Users/2819` (GEN-26, quirk 34).
 */
export function atRegisteredName(call: Call): Call {
  const [written] = call.segments;
  const name = written === undefined ? undefined : REGISTERED.get(written.toLowerCase());
  return name === undefined || name === written ? call : { ...call, segments: [name, ...call.segments.slice(1)] };
}

const REGISTERED: ReadonlyMap<string, string> = new Map(
  ['Users', 'Groups', 'ServiceProviderConfig', 'ResourceTypes', 'Schemas', 'Bulk', 'Me'].map((name) => [
    name.toLowerCase(),
    name,
  ]),
);

/**
 * RFC 7644 §3.2, table 2.
 *
 * @throws ScimError 404, 405 with `Allow`, 501; 403 for a write with a token that only reads
 */
export function route(call: Call, caller: Caller): Place {
  const place = placeOf(call.segments, caller);
  const allowed = methodsOf(place);
  if (!allowed.includes(call.method)) {
    throw ScimError.methodNotAllowed(
      `${call.method} is not possible at ${shown(call)}. Possible: ${allowed.join(', ')}.`,
      allowed,
    );
  }
  if (call.method === 'OPTIONS') {
    return {
      kind: 'options',
      reply: { status: 204, headers: { allow: allowed.join(', ') }, note: { outcome: 'options' } },
    };
  }
  if (caller.scope === 'read' && !READS.includes(call.method)) {
    throw ScimError.forbidden(
      'This SCIM token may only read (insufficient_scope). Use a token with the scope "provision" to create or change people and groups.',
    );
  }
  return place;
}

function placeOf(segments: readonly string[], { directory }: Caller): Place {
  const [first = '', second, third] = segments;
  if (first === 'Bulk' && second === undefined) throw ScimError.notImplemented(BULK);
  if (segments.length <= 2 && segments.at(-1) === '.search') throw ScimError.notImplemented(SEARCH);
  if (segments.length === 0) {
    throw ScimError.notImplemented(
      'A query over all resource types is not supported here. Ask /Users and /Groups one by one.',
    );
  }
  // A provisioning token stands for no person (RFC 7644 §3.11).
  if (first === 'Me')
    throw ScimError.notFound('This token belongs to a connection and not to a person, so there is no /Me for it.');
  if (third === undefined) {
    if (DISCOVERY.has(first)) return { kind: 'discovery' };
    const type = directory.types.find(({ endpoint }) => endpoint === `/${first}`);
    if (type !== undefined) return { kind: 'resources', type, ...(second === undefined ? {} : { id: second }) };
  }
  throw ScimError.notFound(
    `There is no endpoint /${shorten(segments.join('/'))} here. People are at /Users, groups at /Groups.`,
  );
}

const DISCOVERY: ReadonlySet<string> = new Set(['ServiceProviderConfig', 'ResourceTypes', 'Schemas']);

function methodsOf(place: Place): readonly string[] {
  if (place.kind !== 'resources') return READS;
  return place.id === undefined ? [...READS, 'POST'] : [...READS, 'PUT', 'PATCH', 'DELETE'];
}

function shown({ segments }: Call): string {
  return segments.length === 2 ? `/${segments[0]}/{id}` : `/${shorten(segments.join('/'))}`;
}
