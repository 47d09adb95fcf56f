import { randomUUIDv7 } from 'node:crypto';
import { readFileSync } from 'node:fs';
import {
  alterOrganization,
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
  type OrganizationAltered,
  type OrganizationMade,
  revokeCredential,
} from './access/index.ts';
import { type FailuresOfPlace, failuresOf } from './app/failures.ts';
import { createGuard, type Guard } from './app/guard.ts';
import { createHistory, type History } from './app/history.ts';
import { createHolds, type Holds } from './app/holds.ts';
import { journalOf, type ListJournal } from './app/journal.ts';
import { createOperator } from './app/operator.ts';
import { createPolicies, type Policies } from './app/policies.ts';
import { rulesFor } from './app/rules.ts';
import { createSeats, type Seats } from './app/seats.ts';
import { createUsers, type Users } from './app/users.ts';
import { type Application, baseUrl, originOf, type Settings, SettingsError, slugsInHosts } from './config.ts';
import {
  type ConnectionFailures,
  createConnectionFailures,
  createPerform,
  type Organization,
} from './directory/index.ts';
import type { HttpLimits, HttpServer, Log } from './http/index.ts';
import { BOUNDS, createCursors, createGate, createServe, type GateBounds } from './provisioning/index.ts';
import { openStore, type StoreEvent } from './store/index.ts';

export type { Assignment, PolicyShown } from './app/policies.ts';
export type { SeatsShown } from './app/seats.ts';
export type { UserShown } from './app/users.ts';
export { loadApplications, readSettings, type Settings } from './config.ts';
export { backUp, prepareDatabase, restore } from './store/index.ts';

export interface AppOptions {
  readonly settings: Settings;
  readonly applications: readonly Application[];
  /** Where the log goes instead of standard output. */
  readonly logFile?: string;
  /** Of what one client may take, where they are to differ from the usual. */
  readonly limits?: Partial<HttpLimits>;
  /** Of how much of one directory is worked on, and waits, at once. */
  readonly bounds?: Partial<GateBounds>;
}

/** One instance: its database, and what can be done with it, with or without a door to the network. */
export interface App {
  /**
   * Where identity providers find an application, once the instance listens on the port of its settings; those of an
   * organization (its slug), where the host says whose it is.
   */
  readonly baseUrl: (application: string, organization?: string) => string;
  readonly organizations: {
    readonly create: (wanted: NewOrganization) => Promise<OrganizationMade>;
    readonly alter: (slug: string, altered: OrganizationAltered) => Promise<OrganizationMade>;
    readonly list: () => Promise<readonly Organization[]>;
  };
  readonly policies: Policies;
  readonly seats: Seats;
  readonly credentials: {
    readonly create: (wanted: NewCredential) => Promise<CredentialMade>;
    /** Of one organization (its slug), or of all. */
    readonly list: (organization?: string) => Promise<CredentialsListed>;
    readonly revoke: (id: string) => Promise<CredentialRevoked>;
  };
  /** What the guard stopped, until a person decides. */
  readonly holds: Holds;
  readonly guard: Guard;
  /** What was changed, and taking it back. */
  readonly history: History;
  /** Bringing the application's own people in, and looking at one. */
  readonly users: Users;
  readonly failures: FailuresOfPlace;
  /** What was asked and answered, call by call. */
  readonly journal: ListJournal;
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
export async function createApp({
  settings,
  applications,
  logFile,
  limits = {},
  bounds = {},
}: AppOptions): Promise<App> {
  const store = await openStore({
    url: settings.databaseUrl,
    ownerUrl: settings.databaseOwnerUrl,
    connections: settings.databaseConnections,
    log: (event) => log && logStore(event, log),
    journal: { days: settings.journalDays, bytes: settings.journalMebibytes * 2 ** 20 },
  });
  const names = applications.map(({ name }) => name);
  const requirements = new Map(applications.map(({ name, requires }) => [name, requires]));
  let server: HttpServer | undefined;
  let log: Log | undefined;
  let identifier: Identifier | undefined;
  let connections: ConnectionFailures | undefined;
  const rules = new Map(
    applications.map((application) => {
      const { name } = application;
      const onUnfit = (problems: readonly string[]) =>
        log?.error({ application: name, problems }, 'rules of a directory do not fit any more, and are left out');
      return [name, rulesFor(application, onUnfit)];
    }),
  );
  const perform = createPerform({ store, clock: () => new Date(), newId: () => randomUUIDv7() });
  const operator = createOperator({ store, rules, baseUrl: baseOf });

  return {
    baseUrl: baseOf,
    organizations: {
      create: (wanted) => createOrganization(wanted, { store, applications: names, taken: slugsInHosts(applications) }),
      alter: (slug, altered) => alterOrganization(slug, altered, store),
      list: () => store.organizations(),
    },
    policies: createPolicies(applications, store),
    seats: createSeats(applications, store),
    credentials: {
      create: (wanted) => createCredential(wanted, { store, applications: requirements }),
      list: (organization) => listCredentials(organization, store),
      revoke: (id) => revokeCredential(id, store),
    },
    holds: createHolds({ store, operator, perform }),
    guard: createGuard({ store, operator }),
    history: createHistory({ store, operator, perform }),
    users: createUsers({ store, operator, perform }),
    failures: failuresOf(store, names),
    journal: journalOf(store, names),
    listen,
    drain: () => {
      log?.info({ seconds: settings.drainSeconds }, 'draining');
      server?.drain();
    },
    close,
  };

  function baseOf(application: string, organization?: string): string {
    const found = applications.find(({ name }) => name === application);
    if (found === undefined) throw new SettingsError([`There is no application "${application}".`]);
    return baseUrl(originFor(settings, server?.port ?? settings.port), found, organization);
  }

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
    await store.declare(Array.from(rules, ([application, { types }]) => ({ application, types })));
    store.keepHistory(settings.historyDays);
    const failing = createConnectionFailures({
      store,
      uptime: () => performance.now(),
      onFailed: (error) => opened.warn({ err: error }, 'what failed of a connection could not be noted'),
    });
    connections = failing;
    server = await startHttpServer({
      host: settings.host,
      port: settings.port,
      applications: applications.map((application) => ({
        ...application,
        base: (port) => baseUrl(originFor(settings, port), application),
      })),
      serve: createServe({
        perform,
        identify: identifier.identify,
        rules,
        cursors: createCursors(await store.secret('cursor'), Date.now),
        gate: createGate({ ...BOUNDS, ...bounds }),
      }),
      health: () => store.health(),
      log: opened,
      journal: (entry) => {
        store.journal.note(entry);
        failing.note(entry);
      },
      limits,
    });
    const { port } = server;
    const bases = applications.map((application) => baseUrl(originFor(settings, port), application));
    log.info({ host: settings.host, port, bases }, 'listening');
    return { port };
  }

  async function close(): Promise<void> {
    await server?.close();
    await identifier?.settled();
    await connections?.close();
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

function originFor({ publicUrl, host }: Settings, port: number): string {
  return publicUrl ?? originOf(host, port);
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
