import type { Application } from './applications.ts';

/**
 * The base URL that identity providers are given, without a trailing slash: `{origin}{basePath}` (decision 39). An
 * application with hosts of its own is known by the first of them, with the origin's scheme and port. Where any label may
 * stand at its start, it is the organization's slug; a `*` when that is not said.
 *
 *     https://scim.example.com/scim/v2      https://acme.scim.example.com/scim/v2
 */
export function baseUrl(
  origin: string,
  { basePath, hosts }: Pick<Application, 'basePath' | 'hosts'>,
  slug = '*',
): string {
  const host = hosts[0]?.replace(/^\*(?=\.)/, slug);
  if (host === undefined) return `${origin}${basePath}`;
  const url = new URL(origin);
  url.hostname = host;
  return `${url.href.replace(/\/+$/, '')}${basePath}`;
}

/**
 * Labels that no organization can have for its slug, because the name is an application's own: `eu`, where one application
 * has the host `eu.scim.example.com`, and one `*.scim.example.com`.
 */
export function slugsInHosts(applications: readonly Pick<Application, 'hosts'>[]): ReadonlySet<string> {
  const hosts = applications.flatMap((application) => application.hosts);
  const shared = new Set(hosts.filter((host) => host.startsWith('*.')).map((host) => host.slice(1)));
  const own = hosts.filter((host) => shared.has(host.slice(host.indexOf('.'))));
  return new Set(own.map((host) => host.slice(0, host.indexOf('.'))).filter((label) => label !== '*'));
}
