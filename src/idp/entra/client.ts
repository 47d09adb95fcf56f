import { Buffer } from 'node:buffer';
import { checkedBase, createScimClient, type Exchange, type Manner, type ScimClient } from '../client.ts';
import { retryAfterSeconds } from '../retry-after.ts';
import type { EntraFlavour } from './flavour.ts';
import { problemOf } from './problem.ts';

export interface EntraClientOptions {
  readonly baseUrl: string;
  readonly token: string;
  readonly flavour: EntraFlavour;
  /** Entra sends none. */
  readonly userAgent?: string;
  readonly patienceMs: number;
  readonly timeoutMs: number;
  readonly observe: (exchange: Exchange) => void;
}

/**
 * HTTP as Entra speaks it (idp-clients §2.1): `+` for a space, no User-Agent, no startIndex, no count.
 *
 *     GET /scim/v2/Users?filter=userName+eq+%227c9e6679-7425-40de-944b-e07fc1f90ae7%22 HTTP/1.1
 *     Accept: application/scim+json
 *     Authorization: Bearer {token}
 *
 * With the flag, the query starts with `aadOptscim062020`: whether the real one goes over the wire is not known (§6.8),
 * and a server that minds is found out.
 */
export function createEntraClient(options: EntraClientOptions): ScimClient {
  const { baseUrl, token, flavour, userAgent, patienceMs, timeoutMs, observe } = options;
  const manner: Manner = {
    encoding: 'plus',
    ...(flavour === 'classic' ? {} : { flag: flavour }),
    problem: problemOf,
    headers: (_method, body) => ({
      Accept: 'application/scim+json',
      Authorization: `Bearer ${token}`,
      ...(userAgent === undefined ? {} : { 'User-Agent': userAgent }),
      ...(body === undefined ? {} : bodyHeaders(body)),
    }),
    // Not published. What fails for longer than this goes into escrow.
    wait: (attempt, previous, retryAfter) =>
      attempt === ATTEMPTS ? undefined : (retryAfterSeconds(retryAfter) ?? Math.max(1, previous * 2)),
  };
  return createScimClient({ base: checkedBase(baseUrl), manner, patienceMs, timeoutMs, observe });
}

const ATTEMPTS = 5;

function bodyHeaders(body: string): Record<string, string> {
  return {
    'Content-Type': 'application/scim+json; charset=utf-8',
    'Content-Length': String(Buffer.byteLength(body)),
  };
}
