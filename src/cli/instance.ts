import type { App } from '../app.ts';

export interface InstanceOptions {
  /** What LOG_LEVEL is when it is not set. */
  readonly logLevel: 'info' | 'warn';
  readonly insecure: boolean;
}

export interface Instance {
  readonly app: App;
  readonly applications: readonly string[];
  /** What the first of them asks of an organization. */
  readonly requires: { readonly plans?: readonly string[]; readonly sso?: boolean };
  readonly host: string;
  readonly port: number;
  readonly databaseUrl: string;
  readonly drainSeconds: number;
}

/** The application with the settings of the environment. @throws SettingsError */
export async function openInstance(options: InstanceOptions): Promise<Instance> {
  const { createApp, loadApplications, readSettings } = await import('../app.ts');
  const settings = readSettings(process.env, options);
  const applications = await loadApplications(settings.configFile);
  const app = await createApp({ settings, applications });
  const { host, port, databaseUrl, drainSeconds } = settings;
  return {
    app,
    applications: applications.map(({ name }) => name),
    requires: applications[0]?.requires ?? {},
    host,
    port,
    databaseUrl,
    drainSeconds,
  };
}

/** Runs a command that needs the database and serves nothing; it works beside a server on the same database. */
export async function withInstance(work: (instance: Instance) => Promise<void>): Promise<void> {
  // Nothing listens here, so an exposed HOST is the concern of the command that serves.
  const instance = await openInstance({ logLevel: 'warn', insecure: true });
  try {
    await work(instance);
  } finally {
    await instance.app.close();
  }
}
