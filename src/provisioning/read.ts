import {
  rewriteAttributeNames,
  rewriteList,
  rewritePatch,
  rewritePatchInSteps,
  rewriteResource,
} from '../dialects/index.ts';
import { inSlices } from '../directory/index.ts';
import {
  type Draft,
  type JsonValue,
  listsIn,
  type PatchOperation,
  type Preconditions,
  type QueryGiven,
  type ResourceType,
  readMembersInSteps,
  readPatch,
  readPatchInSteps,
  readResource,
  readSearchRequest,
  readVersionCondition,
  type ScimRequest,
  type ScimWrite,
  type View,
} from '../scim/index.ts';
import type { Call } from './call.ts';
import { MAX_SEARCH_BODY } from './limits.ts';
import { type Message, readJson, readMessage } from './read-body.ts';
import { type QueryMeans, queryGiven, readQuery, refuseToken, viewOf } from './read-query.ts';
import type { Place } from './route.ts';

type Asked = Extract<Place, { kind: 'resources' | 'root' | 'search' }>;

/**
 * What a call asks, in the standard's terms: JSON → message → named rewrites → trees → checked. Nothing downstream sees
 * text again.
 *
 * @throws ScimError 400, 413, 415
 */
export async function read(call: Call, place: Asked, means: QueryMeans): Promise<ScimRequest> {
  // SEA-08: what stands in the URL of a search is not its query.
  if (place.kind === 'search') {
    refuseToken(call.query);
    const search = readSearchRequest((await readJson(call, means.caller, { bytes: MAX_SEARCH_BODY })).body);
    return readQuery(place.types, withPlainNames(search, means), means);
  }
  const given = withPlainNames(queryGiven(call.query), means);
  if (place.kind === 'root') return readQuery(place.types, given, means);
  const { type, id } = place;
  if (id === undefined && call.method === 'GET') return readQuery([type], given, means);
  const view = viewOf(type, given);
  if (call.method === 'GET' && id !== undefined) return { kind: 'read', type, id, ...conditionsToTell(call), view };
  const preconditions = preconditionsOf(call.headers);
  const { body, isLong } = call.method === 'DELETE' ? NO_MESSAGE : await readMessage(call, means.caller, type);
  const write: WriteGiven = { method: call.method, type, id, message: body, preconditions, view };
  return isLong ? inSlices(readWriteInSteps(write, means), means.caller.directory.id) : readWrite(write, means);
}

const NO_MESSAGE: Message = { body: null, isLong: false };

/** The parameter `attributes` is looked at before any type is asked for what it names. */
function withPlainNames(given: QueryGiven, { caller, used }: Pick<QueryMeans, 'caller' | 'used'>): QueryGiven {
  if (given.attributes === undefined || caller.strict) return given;
  const attributes = rewriteAttributeNames(given.attributes);
  for (const name of attributes.used) used.add(name);
  return { ...given, attributes: attributes.names };
}

/** A write as HTTP says it, or an operation of a bulk: the same methods, messages and conditions (RFC 7644 §3.7). */
export interface WriteGiven {
  /** `POST`, `PUT`, `PATCH`, `DELETE`. */
  readonly method: string;
  readonly type: ResourceType;
  /** Absent for a POST, and only there. */
  readonly id: string | undefined;
  /** null for a DELETE. */
  readonly message: JsonValue;
  readonly preconditions: Preconditions;
  readonly view: View;
}

/** @throws ScimError 400, 413 */
export function readWrite(given: WriteGiven, means: Pick<QueryMeans, 'caller' | 'used'>): ScimWrite {
  const { method, type, id, message, preconditions, view } = given;
  if (id === undefined) return { kind: 'create', type, draft: draftOf(message, type, means), view };
  switch (method) {
    case 'PUT':
      return { kind: 'replace', type, id, draft: draftOf(message, type, means), ...preconditions, view };
    case 'PATCH':
      return patchOf({ ...given, id }, operationsOf(message, type, means));
    default:
      return { kind: 'remove', type, id, ...preconditions };
  }
}

/**
 * The same where the message is long, in steps: its lists first, so that what is asked of them afterwards is known.
 *
 * @throws what `readWrite` throws of it
 */
export function* readWriteInSteps(
  given: WriteGiven,
  means: Pick<QueryMeans, 'caller' | 'used'>,
): Generator<void, ScimWrite> {
  const { method, type, id, message } = given;
  const { strict } = means.caller;
  for (const list of listsIn(type, message)) {
    const elements = strict ? list.elements : yield* rewriteList(list);
    if (list.attribute.kept === 'apart') yield* readMembersInSteps(elements, list.attribute.name);
    yield;
  }
  if (id === undefined || method !== 'PATCH') return readWrite(given, means);
  const { body, used } = strict ? { body: message, used: [] } : yield* rewritePatchInSteps(type, message);
  for (const name of used) means.used.add(name);
  const operations = yield* readPatchInSteps(type, body, means.caller.directory.tolerances);
  return patchOf({ ...given, id }, operations);
}

function patchOf(
  { type, id, preconditions, view }: WriteGiven & { readonly id: string },
  operations: readonly PatchOperation[],
): ScimWrite {
  return { kind: 'patch', type, id, operations, ...preconditions, ...(isQuiet(type, view) ? {} : { view }) };
}

/** A group's PATCH says nothing back unless asked (RFC 7644 §3.5.2): its members may be a hundred thousand. */
function isQuiet(type: ResourceType, view: View): boolean {
  const big = type.schema.attributes.some(({ kept, mutability }) => kept === 'apart' && mutability !== 'readOnly');
  return big && view.attributes === undefined;
}

/** An If-None-Match that cannot be read matches nothing: the whole representation is never wrong. */
function conditionsToTell({ headers }: Call): Preconditions {
  const { ifNoneMatch, ...others } = headers;
  if (ifNoneMatch === undefined) return preconditionsOf(headers);
  try {
    return preconditionsOf({ ...others, ifNoneMatch });
  } catch {
    return preconditionsOf(others);
  }
}

/** RFC 7644 §3.14. */
function preconditionsOf({ ifMatch, ifNoneMatch }: Call['headers']): Preconditions {
  if (ifMatch === undefined && ifNoneMatch === undefined) return NONE;
  return {
    ...(ifMatch === undefined ? {} : { ifMatch: readVersionCondition(ifMatch) }),
    ...(ifNoneMatch === undefined ? {} : { ifNoneMatch: readVersionCondition(ifNoneMatch) }),
  };
}

const NONE: Preconditions = {};

function draftOf(body: JsonValue, type: ResourceType, { caller, used }: Pick<QueryMeans, 'caller' | 'used'>): Draft {
  const message = caller.strict ? { body, used: [] } : rewriteResource(type, body);
  for (const name of message.used) used.add(name);
  return readResource(type, message.body, caller.directory.tolerances);
}

function operationsOf(
  body: JsonValue,
  type: ResourceType,
  { caller, used }: Pick<QueryMeans, 'caller' | 'used'>,
): readonly PatchOperation[] {
  const message = caller.strict ? { body, used: [] } : rewritePatch(type, body);
  for (const name of message.used) used.add(name);
  return readPatch(type, message.body, caller.directory.tolerances);
}
