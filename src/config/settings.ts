import { type DatabaseSettings, readDatabase } from './database.ts';
import { SettingsError } from './error.ts';
import { type HistorySettings, readHistory } from './history.ts';
import { type JournalSettings, readJournal } from './journal.ts';

/** Where the instance listens, what it remembers on, and how it is known outside: from the environment. */
export interface Settings extends DatabaseSettings, HistorySettings, JournalSettings {
  /** 0 lets the system choose. */
  readonly port: number;
  readonly host: string;
  /** Without a trailing slash; undefined when the instance is known by the address it listens on. */
  readonly publicUrl: string | undefined;
  /** How long the instance says no at /readyz, and serves all the same, before it stops; whole seconds. */
  readonly drainSeconds: number;
  readonly logLevel: LogLevel;
  readonly configFile: string | undefined;
}

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export interface SettingsDefaults {
  readonly logLevel: LogLevel;
  /** `--insecure`: a host that others can reach is allowed without an https PUBLIC_URL. */
  readonly insecure: boolean;
}

/**
 * Reads `PORT`, `HOST`, `PUBLIC_URL`, `DATABASE_URL`, `DATABASE_OWNER_URL`, `DATABASE_CONNECTIONS`, `DRAIN_SECONDS`,
 * `HISTORY_DAYS`, `JOURNAL_DAYS`, `JOURNAL_MIB`, `LOG_LEVEL` and `JOINERY_CONFIG`. An empty one counts as not set.
 *
 * @throws SettingsError with a sentence for each that is wrong
 */
export function readSettings(env: Readonly<Record<string, string | undefined>>, defaults: SettingsDefaults): Settings {
  const problems: string[] = [];
  const publicUrl = env.PUBLIC_URL ? readPublicUrl(env.PUBLIC_URL, problems) : undefined;
  const settings: Settings = {
    port: readPort(env.PORT || '3000', problems),
    host: readHost(env.HOST || '127.0.0.1', problems),
    publicUrl,
    ...readDatabase(env, problems),
    ...readHistory(env, problems),
    ...readJournal(env, problems),
    drainSeconds: readDrain(env.DRAIN_SECONDS || (publicUrl?.startsWith('https:') ? '5' : '0'), problems),
    logLevel: readLogLevel(env.LOG_LEVEL || defaults.logLevel, problems),
    configFile: env.JOINERY_CONFIG || undefined,
  };
  if (problems.length === 0 && !defaults.insecure) problems.push(...exposed(settings));
  if (problems.length > 0) throw new SettingsError(problems);
  return settings;
}

/** `http://127.0.0.1:3000`: how the instance is known when PUBLIC_URL does not say. */
export function originOf(host: string, port: number): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

function readPort(text: string, problems: string[]): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535) {
    problems.push(`PORT is ${JSON.stringify(text)}: expected a number from 0 to 65535 (0 takes any free port).`);
  }
  return port;
}

function readHost(text: string, problems: string[]): string {
  const host = text.replace(/^\[(.*)\]$/, '$1');
  if (!/^[A-Za-z0-9.:%-]+$/.test(host)) {
    problems.push(`HOST is ${JSON.stringify(text)}: expected an address or host name, like 127.0.0.1 or 0.0.0.0.`);
  }
  return host;
}

function readPublicUrl(text: string, problems: string[]): string {
  const wrong = (what: string): string => {
    problems.push(`PUBLIC_URL is ${JSON.stringify(withoutSecrets(text))}: ${what}, like https://scim.example.com.`);
    return text;
  };
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) return wrong('expected an http or https URL');
  // By the text: an empty user name, query or fragment is gone once it is parsed.
  if (text.includes('@')) return wrong('expected a URL without a user name or password');
  if (/[?#]/.test(text)) return wrong('expected a URL without "?" and "#"');
  if (/_|%5f/i.test(url.hostname + url.pathname)) {
    return wrong('it holds "_", which Okta refuses in base URLs; expected a URL without it');
  }
  if (!PLAIN_PATH.test(url.pathname)) {
    return wrong('expected a path of letters, digits, "-" and "." between single slashes');
  }
  return url.href.replace(/\/+$/, '');
}

const PLAIN_PATH = /^(?:\/[A-Za-z0-9.~-]+)*\/*$/;

/** A URL that is refused is told to whoever reads the log of a start: not its user name, its password, its query. */
function withoutSecrets(url: string): string {
  return url.replace(/^.*@/s, '…@').replace(/[?#].*$/s, (rest) => `${rest[0]}…`);
}

/** Behind https stands a proxy, which goes by /readyz and must have seen that it says no. */
function readDrain(text: string, problems: string[]): number {
  const seconds = Number(text);
  if (!/^\d{1,3}$/.test(text) || seconds > MOST_DRAIN_SECONDS) {
    problems.push(`DRAIN_SECONDS is ${JSON.stringify(text)}: expected whole seconds from 0 to ${MOST_DRAIN_SECONDS}.`);
  }
  return seconds;
}

const MOST_DRAIN_SECONDS = 300;

function readLogLevel(text: string, problems: string[]): LogLevel {
  const level = LOG_LEVELS.find((one) => one === text);
  if (level === undefined) {
    problems.push(`LOG_LEVEL is ${JSON.stringify(text)}: expected one of ${LOG_LEVELS.join(', ')}.`);
  }
  return level ?? 'info';
}

/** Decision 39: tokens do not cross a network in clear text unless the operator says that this is meant. */
function exposed({ host, publicUrl }: Settings): string[] {
  if (isLoopback(host) || publicUrl?.startsWith('https:')) return [];
  return [
    `HOST is ${host}, which others can reach, and ${publicUrl === undefined ? 'PUBLIC_URL is not set' : 'PUBLIC_URL is not https'}: ` +
      'set PUBLIC_URL to the https address of the proxy in front, or add --insecure if tokens may travel unencrypted.',
  ];
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host);
}
