import { Buffer } from 'node:buffer';
import { checkedBase, createScimClient, type Encoding, type Exchange, type ScimClient } from '../client.ts';
import type { Method } from '../transport.ts';
import { problemOf } from './problem.ts';
import { ATTEMPTS, nextWait } from './retry.ts';

export interface OktaClientOptions {
  readonly baseUrl: string;
  /** Where the host of the base URL is really reached, like curl's --connect-to: `http://127.0.0.1:3000`. */
  readonly at?: string | undefined;
  readonly authorization: string;
  readonly encoding: Encoding;
  readonly userAgent: string;
  readonly patienceMs: number;
  readonly timeoutMs: number;
  readonly observe: (exchange: Exchange) => void;
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
export function createOktaClient(options: OktaClientOptions): ScimClient {
  const { baseUrl, at, encoding, patienceMs, timeoutMs, observe } = options;
  const named = new URL(checkedBase(baseUrl));
  const base = at === undefined ? checkedBase(baseUrl) : `${checkedBase(at)}${named.pathname.replace(/\/+$/, '')}`;
  // Okta refuses a base URL with an underscore (OD-prep "Base URL").
  if (baseUrl.includes('_')) throw new RangeError(`The base URL "${baseUrl}" has an underscore, which Okta refuses.`);
  const manner = {
    encoding,
    problem: problemOf,
    headers: (method: Method, body: string | undefined) => ({
      ...headersOf(method, body, options),
      ...(at === undefined ? {} : { Host: named.host }),
    }),
    wait: (attempt: number, previous: number, retryAfter: string | undefined) =>
      attempt === ATTEMPTS ? undefined : nextWait(previous, retryAfter),
  };
  return createScimClient({ base, manner, patienceMs, timeoutMs, observe });
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
