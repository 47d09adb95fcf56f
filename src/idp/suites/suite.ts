import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { asArray, asText, type Json, member, parseJson, shown } from '../json.ts';
import { ERROR, LIST } from '../scim.ts';
import { createTransport, type Transport } from '../transport.ts';

/** How a suite reaches the server. */
export interface SuiteOptions {
  readonly baseUrl: string;
  /** The whole header, as the suites' `{{auth}}`: `Bearer …`. */
  readonly authorization: string;
  /** The suites pause so that slow servers can follow; ours need not. */
  readonly pauseMs?: number;
  /** Another way to send than node:http. */
  readonly send?: Transport['send'];
}

export interface SuiteReply {
  readonly status: number;
  readonly json: Json | undefined;
  readonly ms: number;
}

/** One thing that a step asserts, in words, with what it looks at. */
export interface Assertion {
  readonly what: string;
  readonly of: (reply: SuiteReply) => Json | undefined;
  readonly holds: (found: Json | undefined) => boolean;
}

export interface AssertionResult {
  readonly what: string;
  readonly held: boolean;
  readonly found: string;
}

export interface StepOutcome {
  readonly number: number;
  readonly note: string;
  readonly request: string;
  readonly status: number;
  readonly ms: number;
  readonly held: boolean;
  readonly assertions: readonly AssertionResult[];
}

export interface SuiteRequest {
  readonly method: 'GET' | 'POST';
  /** Path and query below the base. */
  readonly target: string;
  readonly body?: Json;
  readonly authorization?: string;
}

/** The headers of Okta's exported suites: a Content-Type on GET, and plain JSON on POST (idp-clients §1.2, §1.12). */
function headersFor({ method, authorization }: SuiteRequest, credential: string): Record<string, string> {
  const isPost = method === 'POST';
  return {
    'Accept-Charset': 'utf-8',
    'Content-Type': isPost ? 'application/json' : 'application/scim+json; charset=utf-8',
    Accept: isPost ? 'application/scim+json; charset=utf-8' : 'application/scim+json',
    Authorization: authorization ?? credential,
    'User-Agent': 'OKTA SCIM Integration',
  };
}

export interface Suite {
  ask(request: SuiteRequest): Promise<SuiteReply>;
  close(): void;
}

export function openSuite(options: SuiteOptions): Suite {
  const transport = createTransport();
  const send = options.send ?? transport.send;
  const ask = async (request: SuiteRequest): Promise<SuiteReply> => {
    const body = request.body === undefined ? undefined : JSON.stringify(request.body);
    const headers = headersFor(request, options.authorization);
    const url = options.baseUrl.replace(/\/+$/, '') + request.target;
    const started = performance.now();
    const reply = await send({ method: request.method, url, headers, body });
    const ms = performance.now() - started;
    if (options.pauseMs) await sleep(options.pauseMs);
    return reply.kind === 'reply'
      ? { status: reply.status, json: parseJson(reply.text), ms }
      : { status: 0, json: undefined, ms };
  };
  return { ask, close: transport.close };
}

export function judge(assertions: readonly Assertion[], reply: SuiteReply): AssertionResult[] {
  return assertions.map(({ what, of, holds }) => {
    const found = of(reply);
    return { what, held: holds(found), found: shown(found) };
  });
}

export function status(expected: number): Assertion {
  return { what: `the status is ${expected}`, of: (reply) => reply.status, holds: (found) => found === expected };
}

export function equals(path: string, expected: Json): Assertion {
  return { what: `${path} is ${shown(expected)}`, of: at(path), holds: (found) => found === expected };
}

export function isNumber(path: string): Assertion {
  return { what: `${path} is a number`, of: at(path), holds: (found) => typeof found === 'number' };
}

/** Runscope's "is not empty": there, and neither `""` nor an empty list. */
export function isNotEmpty(path: string): Assertion {
  const holds = (found: Json | undefined): boolean =>
    found !== undefined && found !== null && found !== '' && asArray(found)?.length !== 0;
  return { what: `${path} is not empty`, of: at(path), holds };
}

export function hasSchema(urn: string): Assertion {
  const holds = (found: Json | undefined): boolean => asArray(found)?.includes(urn) ?? false;
  return { what: `schemas has ${urn}`, of: at('schemas'), holds };
}

export const isList = hasSchema(LIST);
export const isError = hasSchema(ERROR);

/** `Resources[0].name.givenName`: names and positions, no more. */
function at(path: string): (reply: SuiteReply) => Json | undefined {
  const names = path.split(/[.[\]]+/).filter((name) => name !== '');
  return ({ json }) =>
    names.reduce<Json | undefined>((value, name) => asArray(value)?.[Number(name)] ?? member(value, name), json);
}

export function textAt(reply: SuiteReply, path: string): string {
  return asText(at(path)(reply)) ?? '';
}
