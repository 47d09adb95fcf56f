import { randomUUIDv7 } from 'node:crypto';
import { readFileSync } from 'node:fs';
import {
  type CredentialMade,
  type CredentialRevoked,
  type CredentialsListed,
  createCredential,
  createIdentify,
  createOrganization,
  type Identifier,
  listCredentials,
  type NewCredential,
  type NewOrganization,
  type OrganizationMade,
  revokeCredential,
} from './access/index.ts';
import { type Application, baseUrl, originOf, type Settings, SettingsError } from './config.ts';
import { createPerform, type Organization } from './directory/index.ts';
import type { HttpLimits, HttpServer, Log } from './http/index.ts';
import { createCursors, createServe, rulesOf } from './provisioning/index.ts';
import { openStore, type StoreEvent } from './store/index.ts';

export { loadApplications, readSettings, type Settings } from './config.ts';
export { prepareDatabase } from './store/index.ts';

export interface AppOptions {
  readonly settings: Settings;
  readonly applications: readonly Application[];
  /** Where the log goes instead of standard output. */
  readonly logFile?: string;
  /** Of what one client may take, where they are to differ from the usual. */
  readonly limits?: Partial<HttpLimits>;
}

/** One instance: its database, and what can be done with it, with or without a door to the network. */
export interface App {
  /** Where identity providers find an application, once the instance listens on the port of its settings. */
  readonly baseUrl: (application: string) => string;
  readonly organizations: {
    readonly create: (wanted: NewOrganization) => Promise<OrganizationMade>;
    readonly list: () => Promise<readonly Organization[]>;
  };
  readonly credentials: {
    readonly create: (wanted: NewCredential) => Promise<CredentialMade>;
    /** Of one organization (its slug), or of all. */
    readonly list: (organization?: string) => Promise<CredentialsListed>;
    readonly revoke: (id: string) => Promise<CredentialRevoked>;
  };
  /**
   * Opens the doors.
   *
   * @throws Error when another process serves the same database; the system's error when the port cannot be had
   */
  readonly listen: () => Promise<{ readonly port: number }>;
  /** From now on /readyz says no, and each reply is the last on its connection. Everything is served until `close`. */
  readonly drain: () => void;
  /** Finishes what began, then lets go of the database. */
  readonly close: () => Promise<void>;
}

/** @throws Error with a sentence for the operator when the database cannot be opened */
export async function createApp({ settings, applications, logFile, limits = {} }: AppOptions): Promise<App> {
  const store = await openStore({
    url: settings.databaseUrl,
    ownerUrl: settings.databaseOwnerUrl,
    connections: settings.databaseConnections,
    log: (event) => log && logStore(event, log),
  });
  const names = applications.map(({ name }) => name);
  let server: HttpServer | undefined;
  let log: Log | undefined;
  let identifier: Identifier | undefined;

  return {
    baseUrl: (application) => {
      const found = applications.find(({ name }) => name === application);
      if (found === undefined) throw new SettingsError([`There is no application "${application}".`]);
      return publicBase(found, settings, server?.port ?? settings.port);
    },
    organizations: {
      create: (wanted) => createOrganization(wanted, names, store),
      list: () => store.organizations(),
    },
    credentials: {
      create: (wanted) => createCredential(wanted, { store, applications: names }),
      list: (organization) => listCredentials(organization, store),
      revoke: (id) => revokeCredential(id, store),
    },
    listen,
    drain: () => {
      log?.info({ seconds: settings.drainSeconds }, 'draining');
      server?.drain();
    },
    close,
  };

  async function listen(): Promise<{ readonly port: number }> {
    store.claimServing();
    // Read here, so that commands which serve nothing start faster.
    const { openLog, startHttpServer } = await import('./http/index.ts');
    const opened = openLog(settings.logLevel, logFile);
    log = opened;
    identifier = createIdentify({
      store,
      now: Date.now,
      uptime: () => performance.now(),
      onTouchFailed: (error) => opened.warn({ err: error }, 'the last use of a credential could not be noted'),
    });
    const rules = new Map(applications.map((application) => [application.name, rulesOf(application)]));
    await store.declare(Array.from(rules, ([application, { types }]) => ({ application, types })));
    const perform = createPerform({ store, clock: () => new Date(), newId: () => randomUUIDv7() });
    server = await startHttpServer({
      host: settings.host,
      port: settings.port,
      applications: applications.map((application) => ({
        ...application,
        base: (port) => publicBase(application, settings, port),
      })),
      serve: createServe({
        perform,
        identify: identifier.identify,
        rules,
        cursors: createCursors(await store.secret('cursor'), Date.now),
      }),
      health: () => store.health(),
      log: opened,
      limits,
    });
    const { port } = server;
    const bases = applications.map((application) => publicBase(application, settings, port));
    log.info({ host: settings.host, port, bases }, 'listening');
    return { port };
  }

  async function close(): Promise<void> {
    await server?.close();
    await identifier?.settled();
    await store.close();
    await log?.end();
  }
}

function logStore(event: StoreEvent, log: Log): void {
  const { kind, ...rest } = event;
  const { cause, ...told } = 'cause' in rest ? rest : { ...rest, cause: undefined };
  const isError = cause !== undefined || kind === 'write-strayed';
  const level = isError ? 'error' : kind === 'keys-filled' ? 'info' : 'warn';
  log[level]({ store: kind, ...told, ...(cause === undefined ? {} : { err: cause }) });
}

function publicBase(application: Application, { publicUrl, host }: Settings, port: number): string {
  return baseUrl(publicUrl ?? originOf(host, port), application);
}

export interface Versions {
  readonly joinery: string;
  readonly node: string;
  readonly sqlite: string;
  /** The client; what the server runs, only the server knows. */
  readonly postgres: string;
}

/** What runs: for `--version`, and for reports of what went wrong. */
export function versions(): Versions {
  return {
    joinery: versionIn(new URL('../package.json', import.meta.url)),
    node: process.versions.node,
    sqlite: process.versions.sqlite ?? 'unknown',
    postgres: versionIn(new URL(import.meta.resolve('pg/package.json'))),
  };
}

function versionIn(file: URL): string {
  const { version } = JSON.parse(readFileSync(file, 'utf8')) as { version: string };
  return version;
}
