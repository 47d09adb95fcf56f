import { Buffer } from 'node:buffer';
import type { IncomingHttpHeaders } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Json, JsonObject } from '../json.ts';
import { parseJson } from '../json.ts';
import { createTransport, type Method } from '../transport.ts';
import { problemOf } from './problem.ts';
import { ATTEMPTS, nextWait } from './retry.ts';

/** How a space is written in a query: `%20` (Okta's reference) or `+` (older captures). Both are met (idp-clients §1.2). */
export type Encoding = 'percent' | 'plus';

export interface OktaRequest {
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
  readonly request: OktaRequest;
  /** Path and query as they went over the wire. */
  readonly target: string;
  /** 0 when no reply came. */
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly json: Json | undefined;
  readonly ms: number;
  /** What Okta shows its administrator; undefined for a 2xx. */
  readonly problem: string | undefined;
}

export interface OktaClientOptions {
  readonly baseUrl: string;
  readonly authorization: string;
  readonly encoding: Encoding;
  readonly userAgent: string;
  /** A 429 is waited for as Okta does, but never longer than this in a simulation. */
  readonly patienceMs: number;
  readonly timeoutMs: number;
  readonly observe: (exchange: Exchange) => void;
}

export interface OktaClient {
  call(request: OktaRequest): Promise<Exchange>;
  close(): void;
}

/**
 * HTTP as Okta speaks it (idp-clients §1.2), 429 included (§1.9).
 *
 *     GET /scim/v2/Users?filter=userName%20eq%20%22a%40b.c%22&startIndex=1&count=100 HTTP/1.1
 *     Accept: application/scim+json
 *     Accept-Charset: utf-8
 *     User-Agent: Okta SCIM Client 1.0.0
 *     Authorization: Bearer {token}
 *     Connection: Keep-Alive
 *     Accept-Encoding: gzip,deflate
 */
export function createOktaClient(options: OktaClientOptions): OktaClient {
  const base = checkedBase(options.baseUrl);
  const transport = createTransport({ timeoutMs: options.timeoutMs });
  const once = async (request: OktaRequest): Promise<Exchange> => {
    const target = request.path + queryText(request.query, options.encoding);
    const body = request.body === undefined ? undefined : JSON.stringify(request.body);
    const headers = headersOf(request.method, body, options);
    const reply = await transport.send({ method: request.method, url: base + target, headers, body });
    const exchange = { request, target, ms: reply.ms };
    if (reply.kind === 'broken') {
      return { ...exchange, status: 0, headers: {}, text: '', json: undefined, problem: reply.problem };
    }
    const json = parseJson(reply.text);
    const { status, text } = reply;
    return { ...exchange, status, headers: reply.headers, text, json, problem: problemOf(status, text, json) };
  };
  const call = async (request: OktaRequest): Promise<Exchange> => {
    let wait = 0;
    for (let attempt = 1; ; attempt++) {
      const exchange = await once(request);
      options.observe(exchange);
      if (exchange.status !== 429 || attempt === ATTEMPTS) return exchange;
      wait = nextWait(wait, exchange.headers['retry-after']);
      await sleep(Math.min(wait * 1000, options.patienceMs));
    }
  };
  return { call, close: transport.close };
}

/** Okta refuses a base URL with an underscore (OD-prep "Base URL"). */
function checkedBase(baseUrl: string): string {
  if (!URL.canParse(baseUrl) || !/^https?:$/.test(new URL(baseUrl).protocol)) {
    throw new RangeError(`The base URL "${baseUrl}" is not an http or https address.`);
  }
  if (baseUrl.includes('_')) throw new RangeError(`The base URL "${baseUrl}" has an underscore, which Okta refuses.`);
  return baseUrl.replace(/\/+$/, '');
}

function queryText(query: OktaRequest['query'], encoding: Encoding): string {
  const pairs = Object.entries(query ?? {}).map(([name, value]) => `${name}=${encodeValue(String(value), encoding)}`);
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
}

function encodeValue(value: string, encoding: Encoding): string {
  const escaped = encodeURIComponent(value).replace(
    /[!'()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return encoding === 'plus' ? escaped.replaceAll('%20', '+') : escaped;
}

function headersOf(method: Method, body: string | undefined, options: OktaClientOptions): Record<string, string> {
  return {
    Accept: 'application/scim+json',
    'Accept-Charset': 'utf-8',
    // A DELETE carries a Content-Type and no body (idp-clients §1.2); a GET carries neither.
    ...(method === 'GET' ? {} : { 'Content-Type': 'application/scim+json; charset=utf-8' }),
    'User-Agent': options.userAgent,
    Authorization: options.authorization,
    ...(body === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(body)) }),
    Connection: 'Keep-Alive',
    'Accept-Encoding': 'gzip,deflate',
  };
}
