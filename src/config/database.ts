/** Which database, and how it is reached. */
export interface DatabaseSettings {
  /** `sqlite:./data/joinery.db`, or `postgres://…` of the role that requests have. */
  readonly databaseUrl: string;
  /** PostgreSQL: the role that owns the tables. Undefined with SQLite. */
  readonly databaseOwnerUrl: string | undefined;
  /** PostgreSQL: the most connections that requests have at once. */
  readonly databaseConnections: number;
}

/** Reads `DATABASE_URL`, `DATABASE_OWNER_URL` and `DATABASE_CONNECTIONS`. URLs hold passwords: of them only the scheme is repeated. */
export function readDatabase(env: Readonly<Record<string, string | undefined>>, problems: string[]): DatabaseSettings {
  const databaseUrl = env.DATABASE_URL || 'sqlite:./data/joinery.db';
  const databaseConnections = readConnections(env.DATABASE_CONNECTIONS || '10', problems);
  if (!POSTGRES.test(databaseUrl)) {
    if (!/^sqlite:./.test(databaseUrl)) problems.push(`DATABASE_URL ${schemeOf(databaseUrl)}: ${EXPECTED}.`);
    return { databaseUrl, databaseOwnerUrl: undefined, databaseConnections };
  }
  const databaseOwnerUrl = env.DATABASE_OWNER_URL || undefined;
  problems.push(...wrongUrl('DATABASE_URL', databaseUrl), ...wrongOwner(databaseOwnerUrl, databaseUrl));
  return { databaseUrl, databaseOwnerUrl, databaseConnections };
}

const POSTGRES = /^postgres(?:ql)?:\/\//i;

const EXPECTED =
  'expected sqlite: and a file, like sqlite:./data/joinery.db, or the postgres:// URL that "joinery database prepare" prints';

function wrongOwner(ownerUrl: string | undefined, databaseUrl: string): string[] {
  if (ownerUrl === undefined) {
    return [
      'DATABASE_OWNER_URL is not set, and DATABASE_URL is PostgreSQL, which takes both: run "joinery database prepare --owner postgres://…" once, and set the two that it prints.',
    ];
  }
  const wrong = wrongUrl('DATABASE_OWNER_URL', ownerUrl);
  if (wrong.length > 0 || roleOf(ownerUrl) !== roleOf(databaseUrl)) return wrong;
  return [
    'DATABASE_URL and DATABASE_OWNER_URL have the same user name: expected two roles, of which that of DATABASE_URL owns nothing, as "joinery database prepare" makes them.',
  ];
}

function wrongUrl(name: string, text: string): string[] {
  if (!POSTGRES.test(text)) return [`${name} ${schemeOf(text)}: expected a postgres:// URL.`];
  const url = parsed(text);
  if (url === null) {
    return [
      `${name} cannot be read as a URL: expected postgres://user:password@host:5432/database, where each character of the password but letters, digits, "-", "_", "." and "~" is percent-encoded ("@" is %40).`,
    ];
  }
  if (url.pathname.length < 2) {
    return [`${name} names no database: expected one at the end of its path, like postgres://…/joinery.`];
  }
  return [];
}

/** Without a host, the client takes the one of `?host=` or of PGHOST. */
function parsed(text: string): URL | null {
  return URL.parse(text) ?? URL.parse(text.replace('@/', '@localhost/'));
}

function roleOf(text: string): string | undefined {
  const url = parsed(text);
  return url?.searchParams.get('user') || url?.username || undefined;
}

function schemeOf(text: string): string {
  // What stands before an "@" is a user name.
  const scheme = /^[^/]*@/.test(text) ? undefined : /^[a-z][a-z0-9+.-]*:/i.exec(text)?.[0];
  return scheme === undefined ? 'has no scheme' : `begins with "${scheme}"`;
}

function readConnections(text: string, problems: string[]): number {
  const connections = Number(text);
  if (!/^\d{1,4}$/.test(text) || connections < 1 || connections > 1_000) {
    problems.push(`DATABASE_CONNECTIONS is ${JSON.stringify(text)}: expected a number from 1 to 1000.`);
  }
  return connections;
}
