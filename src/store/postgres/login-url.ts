import type { Client } from 'pg';

/**
 * The URL of the same database for another role, with everything else that it says (`sslmode`, `host=/socket`, …):
 *
 *     postgres://admin:old@db.example.com/joinery?sslmode=verify-full
 *     postgres://joinery:new@db.example.com/joinery?sslmode=verify-full
 *
 * `client` knows what the URL leaves to the environment (`PGHOST`, `PGPORT`).
 */
export function withLogin(url: string, client: Pick<Client, 'host' | 'port'>, login: Login): string {
  const changed = URL.parse(url) ?? new URL(url.replace('@/', '@localhost/'));
  const isSocket = client.host.startsWith('/');
  // A URL that names a role must name a host.
  if (changed.hostname === '') changed.hostname = isSocket ? 'localhost' : client.host;
  const query = changed.searchParams;
  // These go before what stands in front of the host.
  for (const name of ['user', 'password']) if (query.has(name)) query.delete(name);
  if (isSocket && changed.hostname === 'localhost' && !query.has('host')) query.set('host', client.host);
  if (changed.port === '' && !query.has('port') && client.port !== 5432) changed.port = String(client.port);
  changed.username = encodeURIComponent(login.role);
  changed.password = encodeURIComponent(login.password);
  return changed.href;
}

export interface Login {
  readonly role: string;
  readonly password: string;
}
