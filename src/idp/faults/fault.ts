import { asArray, asObject, type Json, type JsonObject, member } from '../json.ts';
import type { FlavourName } from '../okta/flavour.ts';
import { ERROR } from '../scim.ts';

/** A request on its way to the server. */
export interface Call {
  readonly method: string;
  /** Below the base: `/Users/2819c223`. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: Json | undefined;
}

/** A reply on its way back. `json` when it is JSON, `text` always. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  readonly json: Json | undefined;
}

export type Forward = (call: Call) => Promise<Answer>;
/** Stands between the provider and the server: may change the request, the reply, or answer by itself. */
export type Plant = (call: Call, forward: Forward) => Promise<Answer>;

/** One way in which a real server was wrong. */
export interface Fault<Flavour extends string = FlavourName> {
  /** Where it was reported, and what happened there. */
  readonly report: string;
  /** The flavours that run into it. */
  readonly flavours: readonly Flavour[];
  /** How many people it takes to show, when the default is too few. */
  readonly users?: number;
  /** A new one for each proxy: a fault may remember. */
  readonly plant: () => Plant;
}

export const ALL: readonly FlavourName[] = ['oin-patch', 'aiw', 'catalog', 'oin-put'];
/** Those that write profiles by PUT. */
export const PUTS: readonly FlavourName[] = ['aiw', 'catalog', 'oin-put'];
/** Those that switch accounts and push groups by PATCH. */
export const PATCHES: readonly FlavourName[] = ['oin-patch', 'catalog', 'oin-put'];

export function answerWith(status: number, json: Json | undefined, headers: Record<string, string> = {}): Answer {
  const text = json === undefined ? '' : JSON.stringify(json);
  return { status, headers: { 'content-type': 'application/scim+json', ...headers }, text, json };
}

export function scimError(status: number, detail: string): Answer {
  return answerWith(status, { schemas: [ERROR], status: String(status), detail });
}

/** The same reply with another body. */
export function withJson(answer: Answer, json: Json): Answer {
  return { ...answer, json, text: JSON.stringify(json) };
}

export function isUser({ path }: Call): boolean {
  return /^\/Users\/[^/]+$/.test(path);
}

export function isGroup({ path }: Call): boolean {
  return /^\/Groups\/[^/]+$/.test(path);
}

export function isList({ method, path }: Call): boolean {
  return method === 'GET' && (path === '/Users' || path === '/Groups');
}

/** Changes the body of the requests that `match`. */
export function changeRequest(match: (call: Call) => boolean, change: (body: JsonObject) => JsonObject): () => Plant {
  return () => (call, forward) => {
    const body = asObject(call.body);
    return forward(match(call) && body !== undefined ? { ...call, body: change(body) } : call);
  };
}

/** Changes the JSON of the replies that `match`. */
export function changeReply(match: (call: Call, answer: Answer) => boolean, change: (json: Json) => Json): () => Plant {
  return () => async (call, forward) => {
    const answer = await forward(call);
    return answer.json !== undefined && match(call, answer) ? withJson(answer, change(answer.json)) : answer;
  };
}

/** Changes every record under an endpoint that a 2xx reply carries, alone or in a list. */
export function changeRecords(endpoint: '/Users' | '/Groups', change: (record: JsonObject) => Json): () => Plant {
  return changeReply(
    ({ path }, { status }) => path.startsWith(endpoint) && status < 300,
    (json) => eachRecord(json, change),
  );
}

export function eachRecord(json: Json, change: (record: JsonObject) => Json): Json {
  const object = asObject(json);
  if (object === undefined) return json;
  const records = asArray(object.Resources);
  if (records === undefined) return change(object);
  return { ...object, Resources: records.map((record) => change(asObject(record) ?? {})) };
}

/** Changes the operations of a PATCH; one that becomes undefined is dropped, and without any left it is a success. */
export function changeOperations(
  match: (call: Call) => boolean,
  change: (operation: JsonObject) => Json | undefined,
): () => Plant {
  return () => async (call, forward) => {
    if (call.method !== 'PATCH' || !match(call)) return forward(call);
    const kept = operationsOf(call).flatMap((operation) => {
      const changed = change(operation);
      return changed === undefined ? [] : [changed];
    });
    if (kept.length === 0) return answerWith(204, undefined);
    return forward({ ...call, body: { ...asObject(call.body), Operations: kept } });
  };
}

/** The operation's value for an attribute, whether it is named in `path` or in the value. */
export function valueIn(operation: JsonObject, name: string): Json | undefined {
  return operation.path === name ? operation.value : member(operation.value, name);
}

/** What a PUT or PATCH sets an attribute to; undefined when it does not. */
export function writtenValue({ method, body }: Call, name: string): Json | undefined {
  if (method === 'PUT') return member(body, name);
  if (method !== 'PATCH') return undefined;
  const values = (asArray(member(body, 'Operations')) ?? []).map((each) => valueIn(asObject(each) ?? {}, name));
  return values.findLast((value) => value !== undefined);
}

/** What a PUT or PATCH sets `active` to, text or not; undefined when it does not. */
export function writtenActive(call: Call): boolean | undefined {
  const value = writtenValue(call, 'active');
  if (typeof value === 'boolean') return value;
  if (typeof value !== 'string' || !/^(true|false)$/i.test(value)) return undefined;
  return value.toLowerCase() === 'true';
}

/** In small letters: Entra writes `Add`. */
export function opOf({ op }: JsonObject): string {
  return typeof op === 'string' ? op.toLowerCase() : '';
}

export function operationsOf({ method, body }: Call): readonly JsonObject[] {
  if (method !== 'PATCH') return [];
  return (asArray(member(body, 'Operations')) ?? []).map((each) => asObject(each) ?? {});
}

export function without(object: JsonObject, ...names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));
}
