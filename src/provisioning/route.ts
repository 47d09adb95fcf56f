import { type ResourceType, ScimError, shorten } from '../scim/index.ts';
import type { Call, Reply } from './call.ts';
import type { Caller } from './caller.ts';
import { refuseGroups } from './features.ts';

/** Where a call knocked. `id` is absent at a type's own endpoint. */
export type Place =
  | { readonly kind: 'resources'; readonly type: ResourceType; readonly id?: string }
  /** The base itself: a query over all types (RFC 7644 §3.4.2.1). */
  | { readonly kind: 'root'; readonly types: readonly ResourceType[] }
  /** `/.search`, `/Users/.search` */
  | { readonly kind: 'search'; readonly types: readonly ResourceType[] }
  | { readonly kind: 'bulk' }
  | { readonly kind: 'discovery' }
  | { readonly kind: 'options'; readonly reply: Reply };

const READS = ['GET', 'HEAD', 'OPTIONS'];

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
 * @throws ScimError 404, 405 with `Allow`, 501; 403 for a write with a token that only reads, and of what is not offered
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
  // SEA-12: a search reads, though it is a POST.
  if (caller.scope === 'read' && place.kind !== 'search' && !READS.includes(call.method)) {
    throw ScimError.forbidden(
      'This SCIM token may only read (insufficient_scope). Use a token with the scope "provision" to create or change people and groups.',
    );
  }
  if (place.kind === 'resources' && place.type.name === 'Group' && !caller.directory.policy.features.pushGroups) {
    refuseGroups(call.method, place.id);
  }
  return place;
}

function placeOf(segments: readonly string[], { directory }: Caller): Place {
  const [first = '', second, third] = segments;
  if (segments.length === 0) return { kind: 'root', types: provisioned(directory) };
  if (second === undefined && first === SEARCH) return { kind: 'search', types: provisioned(directory) };
  if (second === undefined && first === 'Bulk') return { kind: 'bulk' };
  // A provisioning token stands for no person (RFC 7644 §3.11).
  if (first === 'Me')
    throw ScimError.notFound('This token belongs to a connection and not to a person, so there is no /Me for it.');
  if (third === undefined) {
    if (DISCOVERY.has(first) && second !== SEARCH) return { kind: 'discovery' };
    const type = typeAt(`/${first}`, directory.types);
    if (type !== undefined && second === SEARCH) return { kind: 'search', types: [type] };
    if (type !== undefined) return { kind: 'resources', type, ...(second === undefined ? {} : { id: second }) };
  }
  throw ScimError.notFound(
    `There is no endpoint /${shorten(segments.join('/'))} here. People are at /Users, groups at /Groups.`,
  );
}

/** A declared type's endpoint in any case, as `atRegisteredName` has it for those that every application has. */
function typeAt(path: string, types: readonly ResourceType[]): ResourceType | undefined {
  const exact = types.find(({ endpoint }) => endpoint === path);
  return exact ?? types.find(({ endpoint, declared }) => declared && endpoint.toLowerCase() === path.toLowerCase());
}

/** What a query over all types covers: people and groups, not what the operator declares for them to be given. */
function provisioned({ types, policy }: Caller['directory']): readonly ResourceType[] {
  const { pushGroups } = policy.features;
  return types.filter(({ declared, name }) => declared === undefined && (pushGroups || name !== 'Group'));
}

/** RFC 7644 §3.4.3. No resource has it for an id. */
const SEARCH = '.search';

const DISCOVERY: ReadonlySet<string> = new Set(['ServiceProviderConfig', 'ResourceTypes', 'Schemas']);

function methodsOf(place: Place): readonly string[] {
  if (place.kind === 'search' || place.kind === 'bulk') return ['POST', 'OPTIONS'];
  if (place.kind !== 'resources') return READS;
  if (place.type.declared !== undefined) return READS;
  return place.id === undefined ? [...READS, 'POST'] : [...READS, 'PUT', 'PATCH', 'DELETE'];
}

function shown({ segments }: Call): string {
  return segments.length === 2 && segments[1] !== SEARCH ? `/${segments[0]}/{id}` : `/${shorten(segments.join('/'))}`;
}
