import { rewriteFilter, rewriteFilterText, rewritePatch, rewriteResource } from '../dialects/index.ts';
import {
  type Draft,
  type Filter,
  type JsonValue,
  type PatchOperation,
  parseFilter,
  parseJson,
  type Query,
  type ResourceType,
  readPage,
  readPatch,
  readResource,
  readVersionCondition,
  readView,
  resolveFilter,
  ScimError,
  type ScimRequest,
  type Target,
  type VersionCondition,
  type View,
} from '../scim/index.ts';
import type { Call } from './call.ts';
import type { Caller } from './caller.ts';
import { MAX_BODY, MAX_GROUP_BODY, MAX_GROUP_VALUES, PAGES } from './limits.ts';
import { checkNames } from './names.ts';
import type { Place } from './route.ts';
import { checkSizes } from './sizes.ts';

type Resources = Extract<Place, { kind: 'resources' }>;

/**
 * What a call asks, in the standard's terms: JSON → message → named rewrites → trees → checked. Nothing downstream sees
 * text again.
 *
 * @throws ScimError 400, 413, 415
 */
export async function read(call: Call, caller: Caller, { type, id }: Resources): Promise<ScimRequest> {
  const parameters = new URLSearchParams(call.query);
  const view = viewOf(parameters, type);
  if (id === undefined) {
    if (call.method !== 'POST') return { kind: 'query', types: [type], query: queryOf(parameters, type, caller), view };
    return { kind: 'create', type, draft: draftOf(await bodyOf(call, caller, type), type, caller), view };
  }
  const condition = conditionOf(call.headers.ifMatch);
  switch (call.method) {
    case 'PUT':
      return {
        kind: 'replace',
        type,
        id,
        draft: draftOf(await bodyOf(call, caller, type), type, caller),
        ...condition,
        view,
      };
    case 'PATCH': {
      const operations = operationsOf(await bodyOf(call, caller, type), type, caller);
      return { kind: 'patch', type, id, operations, ...condition, ...(isQuiet(type, view) ? {} : { view }) };
    }
    case 'DELETE':
      return { kind: 'remove', type, id, ...condition };
    default:
      return { kind: 'read', type, id, view };
  }
}

/** A group's PATCH says nothing back unless asked (RFC 7644 §3.5.2): its members may be a hundred thousand. */
function isQuiet(type: ResourceType, view: View): boolean {
  const big = type.schema.attributes.some(({ kept, mutability }) => kept === 'apart' && mutability !== 'readOnly');
  return big && view.attributes === undefined;
}

function viewOf(parameters: URLSearchParams, type: ResourceType): View {
  const attributes = single(parameters, 'attributes');
  const excludedAttributes = single(parameters, 'excludedAttributes');
  if (attributes === undefined && excludedAttributes === undefined) return WHOLE;
  return readView(type, {
    ...(attributes === undefined ? {} : { attributes }),
    ...(excludedAttributes === undefined ? {} : { excludedAttributes }),
  });
}

/** One object, so that `write` can see without looking that nothing is left out. */
const WHOLE: View = {};

function queryOf(parameters: URLSearchParams, type: ResourceType, caller: Caller): Query {
  const startIndex = single(parameters, 'startIndex');
  const count = single(parameters, 'count');
  const page = readPage(
    { ...(startIndex === undefined ? {} : { startIndex }), ...(count === undefined ? {} : { count }) },
    PAGES,
  );
  const text = single(parameters, 'filter');
  if (text === undefined) return page;
  return { ...page, filter: filterOf(text, type, caller) };
}

function filterOf(text: string, type: ResourceType, { directory, strict }: Caller): Filter<Target> {
  const unquotedValues = directory.tolerances.unquotedFilterValues;
  const parsed = parseFilter(strict ? text : rewriteFilterText(text).text, { unquotedValues });
  const filter = strict ? parsed : rewriteFilter(type, parsed).filter;
  return resolveFilter(filter, type, { unquotedValues });
}

/** QRY-14: a parameter given twice has no one meaning. */
function single(parameters: URLSearchParams, name: string): string | undefined {
  const values = parameters.getAll(name);
  if (values.length > 1)
    throw ScimError.invalidValue(`The query parameter ${name} was given ${values.length} times. Give it once.`);
  return values[0];
}

function conditionOf(header: string | undefined): { ifMatch?: VersionCondition } {
  return header === undefined ? {} : { ifMatch: readVersionCondition(header) };
}

async function bodyOf(call: Call, { directory }: Caller, type: ResourceType): Promise<JsonValue> {
  checkMediaType(call.headers);
  const big = type.name === 'Group';
  const text = await call.body(big ? MAX_GROUP_BODY : MAX_BODY, directory.id);
  if (text === '') throw ScimError.invalidSyntax('The request has no body. A JSON object was expected.');
  const body = big ? parseJson(text, { values: MAX_GROUP_VALUES }) : parseJson(text);
  checkNames(body);
  checkSizes(body, type);
  return body;
}

/** RFC 7644 §3.1 and §8.1. Nothing else is parsed at all: what is not checked as JSON is not read as JSON (T-HTTP-05). */
function checkMediaType({ contentType, contentEncoding }: Call['headers']): void {
  const encoding = contentEncoding?.trim().toLowerCase() ?? 'identity';
  if (encoding !== 'identity' && encoding !== '') {
    throw ScimError.unsupportedMediaType(
      `Content-Encoding "${printable(encoding)}" is not supported. Send the JSON uncompressed.`,
    );
  }
  if (contentType === undefined) return;
  const [mediaType = '', ...parameters] = contentType.split(';');
  const named = mediaType.trim().toLowerCase();
  const known = named === 'application/scim+json' || named === 'application/json';
  if (!known || !parameters.every(isUtf8OrOther)) {
    throw ScimError.unsupportedMediaType(
      `Content-Type "${printable(contentType)}" is not supported. Send application/scim+json (or application/json) in UTF-8.`,
    );
  }
}

function isUtf8OrOther(parameter: string): boolean {
  const [name = '', value = ''] = parameter.split('=');
  if (name.trim().toLowerCase() !== 'charset') return true;
  return value.trim().replaceAll('"', '').toLowerCase() === 'utf-8';
}

function printable(text: string): string {
  return text.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, 80);
}

function draftOf(body: JsonValue, type: ResourceType, caller: Caller): Draft {
  const message = caller.strict ? body : rewriteResource(type, body).body;
  return readResource(type, message, caller.directory.tolerances);
}

function operationsOf(body: JsonValue, type: ResourceType, caller: Caller): readonly PatchOperation[] {
  const message = caller.strict ? body : rewritePatch(type, body).body;
  return readPatch(type, message, caller.directory.tolerances);
}
