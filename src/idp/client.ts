import type { IncomingHttpHeaders } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Json, JsonObject } from './json.ts';
import { parseJson } from './json.ts';
import { createTransport, type Method } from './transport.ts';

/** How a space is written in a query: `%20` (Okta's reference) or `+` (Entra, older captures of Okta). */
export type Encoding = 'percent' | 'plus';

export interface ScimRequest {
  /** What the closing table calls it: `create user`. */
  readonly operation: string;
  readonly method: Method;
  /** Below the base URL: `/Users/2819c223`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number>>;
  readonly body?: JsonObject;
}

/** One request and what became of it. */
export interface Exchange {
  readonly request: ScimRequest;
  /** Path and query as they went over the wire. */
  readonly target: string;
  /** 0 when no reply came. */
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly json: Json | undefined;
  readonly ms: number;
  /** What the provider shows its administrator; undefined for a 2xx. */
  readonly problem: string | undefined;
}

/** What is one provider's own in the way it speaks HTTP. */
export interface Manner {
  readonly encoding: Encoding;
  /** At the head of every query, as it is: `aadOptscim062020`. */
  readonly flag?: string;
  headers(method: Method, body: string | undefined): Record<string, string>;
  problem(status: number, text: string, json: Json | undefined): string | undefined;
  /** Seconds to wait after a 429, by the wait before it and its Retry-After; undefined to give up. */
  wait(attempt: number, previous: number, retryAfter: string | undefined): number | undefined;
}

export interface ClientOptions {
  /** Without a slash at its end. */
  readonly base: string;
  readonly manner: Manner;
  /** A 429 is waited for as the provider does, but never longer than this in a simulation. */
  readonly patienceMs: number;
  readonly timeoutMs: number;
  readonly observe: (exchange: Exchange) => void;
}

export interface ScimClient {
  call(request: ScimRequest): Promise<Exchange>;
  close(): void;
}

/** A SCIM client of any provider's manner. A dead server is an exchange with status 0, never a rejection. */
export function createScimClient({ base, manner, patienceMs, timeoutMs, observe }: ClientOptions): ScimClient {
  const transport = createTransport({ timeoutMs });
  const once = async (request: ScimRequest): Promise<Exchange> => {
    const target = request.path + queryText(request.query, manner);
    const body = request.body === undefined ? undefined : JSON.stringify(request.body);
    const headers = manner.headers(request.method, body);
    const reply = await transport.send({ method: request.method, url: base + target, headers, body });
    const exchange = { request, target, ms: reply.ms };
    if (reply.kind === 'broken') {
      return { ...exchange, status: 0, headers: {}, text: '', json: undefined, problem: reply.problem };
    }
    const json = parseJson(reply.text);
    const { status, text } = reply;
    return { ...exchange, status, headers: reply.headers, text, json, problem: manner.problem(status, text, json) };
  };
  const call = async (request: ScimRequest): Promise<Exchange> => {
    let previous = 0;
    for (let attempt = 1; ; attempt++) {
      const exchange = await once(request);
      observe(exchange);
      if (exchange.status !== 429) return exchange;
      const wait = manner.wait(attempt, previous, exchange.headers['retry-after']);
      if (wait === undefined) return exchange;
      previous = wait;
      await sleep(Math.min(wait * 1000, patienceMs));
    }
  };
  return { call, close: transport.close };
}

/** The base URL without a slash at its end. RangeError when it is no address, or more than one. */
export function checkedBase(baseUrl: string): string {
  if (!URL.canParse(baseUrl) || !/^https?:$/.test(new URL(baseUrl).protocol)) {
    throw new RangeError(`The base URL "${baseUrl}" is not an http or https address.`);
  }
  if (/[?#]/.test(baseUrl)) throw new RangeError(`The base URL "${baseUrl}" may not have a query or a fragment.`);
  return baseUrl.replace(/\/+$/, '');
}

function queryText(query: ScimRequest['query'], { flag, encoding }: Manner): string {
  const pairs = Object.entries(query ?? {}).map(([name, value]) => `${name}=${encodeValue(String(value), encoding)}`);
  const parts = flag === undefined ? pairs : [flag, ...pairs];
  return parts.length === 0 ? '' : `?${parts.join('&')}`;
}

function encodeValue(value: string, encoding: Encoding): string {
  const escaped = encodeURIComponent(value).replace(
    /[!'()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return encoding === 'plus' ? escaped.replaceAll('%20', '+') : escaped;
}
