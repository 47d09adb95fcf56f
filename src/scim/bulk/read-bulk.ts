import { ScimError } from '../error.ts';
import { checkMessage, field } from '../message-fields.ts';
import { BULK_REQUEST } from '../messages.ts';
import { shorten } from '../shorten.ts';
import { isObject, type JsonObject, type JsonValue } from '../value.ts';

/** `POST /Bulk` (RFC 7644 §3.7), read but not looked into. */
export interface BulkRequest {
  /** How many errors end it; Infinity when the client did not say. */
  readonly failOnErrors: number;
  readonly operations: readonly BulkOperation[];
}

export interface BulkOperation {
  /** In upper case; '' when there is none. Told back. */
  readonly method: string;
  readonly bulkId?: string;
  /** Without its first slash: `Users`, `Users/2819…`, `Users/bulkId:qwerty`. */
  readonly segments: readonly string[];
  /** An entity tag, which the resource must have (as If-Match). */
  readonly version?: string;
  /** null for a DELETE. */
  readonly data: JsonValue;
  /** Why it cannot be tried at all. */
  readonly fault?: ScimError;
}

/**
 * The body of a bulk:
 *
 *     {"schemas":["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],"failOnErrors":1,
 *      "Operations":[{"method":"POST","path":"/Users","bulkId":"qwerty","data":{…}},
 *                    {"method":"DELETE","path":"/Users/2819…","version":"W/\"3\""}]}
 *
 * What is wrong with one operation is told of that one, and the others are tried.
 *
 * @throws ScimError invalidSyntax for what is no BulkRequest or has a bulkId twice, invalidValue for failOnErrors, 413 for
 *   more than `maxOperations`
 */
export function readBulk(body: JsonValue, maxOperations: number): BulkRequest {
  if (!isObject(body)) throw ScimError.invalidSyntax('The body must be a JSON object: a BulkRequest.');
  checkMessage(body, BULK_REQUEST);
  const given = field(body, 'Operations');
  if (!Array.isArray(given)) throw ScimError.invalidSyntax('Operations is required: an array was expected.');
  if (given.length > maxOperations) {
    throw ScimError.tooLarge(
      `The request has ${given.length} Operations; at most ${maxOperations} (maxOperations of /ServiceProviderConfig) are taken at once. Send them in several requests.`,
    );
  }
  const operations = given.map(readOperation);
  refuseTwins(operations);
  return { failOnErrors: readFailOnErrors(field(body, 'failOnErrors') ?? null), operations };
}

/** BLK-16: 0 would mean to stop before anything began. */
function readFailOnErrors(given: JsonValue): number {
  if (given === null) return Number.POSITIVE_INFINITY;
  if (typeof given === 'number' && Number.isSafeInteger(given) && given >= 1) return given;
  throw ScimError.invalidValue('failOnErrors must be a whole number, 1 or more.');
}

function readOperation(given: JsonValue, index: number): BulkOperation {
  if (!isObject(given)) {
    const fault = ScimError.invalidSyntax(`Operations[${index}] must be an object with method, path and data.`);
    return { method: '', segments: [], data: null, fault };
  }
  const method = field(given, 'method');
  const bulkId = field(given, 'bulkId') ?? undefined;
  const named = {
    method: typeof method === 'string' ? shorten(method.toUpperCase()) : '',
    ...(typeof bulkId === 'string' ? { bulkId } : {}),
  };
  try {
    return { ...named, ...readRest(given, { method: named.method, bulkId, index }) };
  } catch (error) {
    if (!(error instanceof ScimError)) throw error;
    return { ...named, segments: [], data: null, fault: error };
  }
}

function readRest(
  given: JsonObject,
  { method, bulkId, index }: { method: string; bulkId: JsonValue | undefined; index: number },
): Pick<BulkOperation, 'segments' | 'version' | 'data'> {
  const at = `Operations[${index}]`;
  if (!METHODS.has(method)) {
    throw ScimError.invalidSyntax(`The method of ${at} must be "POST", "PUT", "PATCH" or "DELETE".`);
  }
  if (bulkId !== undefined && (typeof bulkId !== 'string' || bulkId === '')) {
    throw ScimError.invalidValue(`The bulkId of ${at} must be a string that is not empty.`);
  }
  // RFC 7644 §3.7: without it, nobody could tell which new resource the answer is about.
  if (method === 'POST' && bulkId === undefined) {
    throw ScimError.invalidSyntax(`${at} has no bulkId; a POST needs one.`);
  }
  const segments = readPath(field(given, 'path'), { method, at });
  const version = field(given, 'version') ?? undefined;
  if (version !== undefined && typeof version !== 'string') {
    throw ScimError.invalidValue(`The version of ${at} must be a string: an entity tag such as "W/\\"3\\"".`);
  }
  const data = method === 'DELETE' ? null : (field(given, 'data') ?? null);
  if (method !== 'DELETE' && data === null) throw ScimError.invalidSyntax(`${at} has no data; a ${method} needs it.`);
  return { segments, data, ...(version === undefined ? {} : { version }) };
}

const METHODS: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

const LONGEST_PATH = 1024;

/** BLK-30: below this base and nowhere else; nothing in it has to be decoded, and nothing is. */
function readPath(given: JsonValue | undefined, { method, at }: { method: string; at: string }): readonly string[] {
  const expected =
    method === 'POST' ? 'the endpoint of a type, such as "/Users"' : 'a resource, such as "/Users/2819…"';
  if (typeof given !== 'string') throw ScimError.invalidSyntax(`${at} has no path; ${expected} was expected.`);
  // It is told back in the location.
  if (given.length > LONGEST_PATH) {
    throw ScimError.invalidValue(`The path of ${at} has ${given.length} characters; ${expected} was expected.`);
  }
  const [, first, second] = /^\/([A-Za-z][\w-]*)(?:\/([^/?#%\\;\s]+))?$/.exec(given) ?? [];
  const fits = first !== undefined && (second === undefined) === (method === 'POST');
  if (!fits) {
    throw ScimError.invalidValue(
      `The path of ${at}, "${shorten(given)}", does not fit a ${method}: ${expected} was expected.`,
    );
  }
  return second === undefined ? [first] : [first, second];
}

/** BLK-23. */
function refuseTwins(operations: readonly BulkOperation[]): void {
  const seen = new Set<string>();
  for (const { bulkId, method } of operations) {
    if (bulkId === undefined || method !== 'POST') continue;
    if (seen.has(bulkId)) {
      throw ScimError.invalidSyntax(`The bulkId "${shorten(bulkId)}" is given to two operations; each needs its own.`);
    }
    seen.add(bulkId);
  }
}
