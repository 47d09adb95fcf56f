import { ScimError } from './error.ts';
import { checkMessage, field } from './message-fields.ts';
import { SEARCH_REQUEST } from './messages.ts';
import { isObject, type JsonObject, type JsonValue } from './value.ts';

/** What a query asks, as it was written: in the parameters of a URL, or in a SearchRequest. */
export interface QueryGiven {
  readonly attributes?: string | readonly string[];
  readonly excludedAttributes?: string | readonly string[];
  readonly filter?: string;
  readonly sortBy?: string;
  readonly sortOrder?: string;
  readonly startIndex?: string | number;
  readonly count?: string | number;
  /** RFC 9865: '' for the first page, else what `nextCursor` said. */
  readonly cursor?: string;
}

/**
 * The body of `POST …/.search` (RFC 7644 §3.4.3, RFC 9865 §3):
 *
 *     {"schemas":["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],"attributes":["displayName","userName"],
 *      "filter":"displayName sw \"smith\"","sortBy":"userName","sortOrder":"descending","startIndex":1,"count":10,"cursor":""}
 *
 * Fields that the standard does not know are ignored, null is as if it were not there.
 *
 * @throws ScimError invalidSyntax for what is no SearchRequest, invalidValue for a field of another type
 */
export function readSearchRequest(body: JsonValue): QueryGiven {
  if (!isObject(body)) throw ScimError.invalidSyntax('The body must be a JSON object: a SearchRequest.');
  checkMessage(body, SEARCH_REQUEST);
  return {
    ...given('attributes', names(body, 'attributes')),
    ...given('excludedAttributes', names(body, 'excludedAttributes')),
    ...given('filter', text(body, 'filter')),
    ...given('sortBy', text(body, 'sortBy')),
    ...given('sortOrder', text(body, 'sortOrder')),
    ...given('startIndex', whole(body, 'startIndex')),
    ...given('count', whole(body, 'count')),
    ...given('cursor', text(body, 'cursor')),
  };
}

function given<Name extends keyof QueryGiven>(name: Name, value: QueryGiven[Name]): Partial<QueryGiven> {
  return value === undefined ? {} : { [name]: value };
}

function names(body: JsonObject, name: string): readonly string[] | undefined {
  const value = field(body, name) ?? undefined;
  if (value === undefined) return undefined;
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value;
  throw wrong(name, 'an array of attribute names, such as ["userName"]');
}

function text(body: JsonObject, name: string): string | undefined {
  const value = field(body, name) ?? undefined;
  if (value === undefined || typeof value === 'string') return value;
  throw wrong(name, 'a string');
}

function whole(body: JsonObject, name: string): number | undefined {
  const value = field(body, name) ?? undefined;
  if (value === undefined || (typeof value === 'number' && Number.isSafeInteger(value))) return value;
  throw wrong(name, 'a whole number');
}

function wrong(name: string, expected: string): ScimError {
  return ScimError.invalidValue(`${name} of the SearchRequest has the wrong type; ${expected} was expected.`);
}
