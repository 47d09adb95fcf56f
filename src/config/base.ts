import type { Application } from './applications.ts';

/**
 * The base URL that identity providers are given, without a trailing slash: `{origin}{basePath}` (decision 39). An
 * application with hosts of its own is known by the first of them, with the origin's scheme and port.
 *
 *     https://scim.example.com/scim/v2
 */
export function baseUrl(origin: string, { basePath, hosts }: Application): string {
  const [host] = hosts;
  if (host === undefined) return `${origin}${basePath}`;
  const url = new URL(origin);
  url.hostname = host;
  return `${url.href.replace(/\/+$/, '')}${basePath}`;
}
