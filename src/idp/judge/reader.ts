import type { Exchange, ScimClient, ScimRequest } from '../client.ts';
import { asArray, type Json, type JsonObject, member } from '../json.ts';
import { CHECKS } from '../report.ts';

type Endpoint = '/Users' | '/Groups';

/** The judge's own eyes: plain SCIM reads, apart from Okta's calls. */
export interface Reader {
  readonly client: ScimClient;
  get(endpoint: Endpoint, id: string): Promise<Exchange>;
  find(endpoint: Endpoint, attribute: string, value: string): Promise<Exchange>;
  page(endpoint: Endpoint, startIndex: number, count: number): Promise<Exchange>;
  /** `totalResults` of everything there; undefined when the server does not say. */
  total(endpoint: Endpoint): Promise<number | undefined>;
  /** Another hand than Okta's: the app's own administrator, who adds, edits and removes records. */
  change(method: 'POST' | 'PATCH' | 'DELETE', path: string, body?: JsonObject): Promise<Exchange>;
}

export function createReader(client: ScimClient): Reader {
  const ask = (request: Omit<ScimRequest, 'operation'>): Promise<Exchange> =>
    client.call({ operation: CHECKS, ...request });
  const page: Reader['page'] = (path, startIndex, count) => ask({ method: 'GET', path, query: { startIndex, count } });
  return {
    client,
    get: (endpoint, id) => ask({ method: 'GET', path: `${endpoint}/${id}` }),
    find: (path, attribute, value) =>
      ask({ method: 'GET', path, query: { filter: `${attribute} eq ${JSON.stringify(value)}` } }),
    page,
    total: async (endpoint) => {
      const total = member((await page(endpoint, 1, 1)).json, 'totalResults');
      return typeof total === 'number' ? total : undefined;
    },
    change: (method, path, body) => ask(body === undefined ? { method, path } : { method, path, body }),
  };
}

export function recordsOf(exchange: Exchange): readonly Json[] {
  return asArray(member(exchange.json, 'Resources')) ?? [];
}

export { idOf } from '../records.ts';
