import { inSlices } from '../directory/index.ts';
import { type JsonValue, parseJson, parseJsonInSteps, type ResourceType, ScimError } from '../scim/index.ts';
import type { Call } from './call.ts';
import type { Caller } from './caller.ts';
import { MAX_BODY, MAX_GROUP_BODY, MAX_GROUP_VALUES } from './limits.ts';
import { checkNames } from './names.ts';
import { checkSizes } from './sizes.ts';

/**
 * The message that a resource, or a PATCH of one, is sent as.
 *
 * @throws ScimError 400, 413, 415
 */
export async function readMessage(call: Call, caller: Caller, type: ResourceType): Promise<Message> {
  const limits = type.name === 'Group' ? { bytes: MAX_GROUP_BODY, values: MAX_GROUP_VALUES } : { bytes: MAX_BODY };
  const message = await readJson(call, caller, limits);
  checkNames(message.body);
  checkSizes(message.body, type);
  return message;
}

export interface Message {
  readonly body: JsonValue;
  /** Whatever goes through all of it lets others have their turn meanwhile. */
  readonly isLong: boolean;
}

export interface BodyLimits {
  readonly bytes: number;
  /** How many values the JSON may have; `parseJson` has its own opinion where this is absent. */
  readonly values?: number;
}

/** @throws ScimError 400, 413, 415 */
export async function readJson(call: Call, { directory }: Caller, { bytes, values }: BodyLimits): Promise<Message> {
  checkMediaType(call.headers);
  const text = await call.body(bytes, directory.id);
  if (text === '') throw ScimError.invalidSyntax('The request has no body. A JSON object was expected.');
  const limits = values === undefined ? {} : { values };
  const isLong = text.length > LONG;
  return {
    body: isLong ? await inSlices(parseJsonInSteps(text, limits), directory.id) : parseJson(text, limits),
    isLong,
  };
}

/** Characters: more of them hold the event loop for longer than others should wait. */
const LONG = 131_072;

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
