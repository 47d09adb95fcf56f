import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { firstToken, type JoinerySite, joinerySite, startJoinery, stopJoinery } from '../tests/process/joinery.ts';
import type { Server } from './world.ts';

export interface Started {
  readonly server: Server;
  readonly stop: () => Promise<void>;
}

/** Starts a server with these variables added to its environment. */
export type Start = (environment?: NodeJS.ProcessEnv) => Promise<Started>;

/** A place for Joinery on a database of its own, with one organization and its token. */
export interface Site extends JoinerySite {
  /** What answers there, once it is started. */
  readonly server: Omit<Server, 'pid'>;
}

/** `given` names the database when it is no SQLite file in the folder. */
export async function openSite(
  folder: string,
  entry: string,
  given: Readonly<Record<string, string>> = {},
): Promise<Site> {
  const site = await joinerySite(folder, entry, given);
  const { token, baseUrl } = await firstToken(site);
  const base = new URL(baseUrl).pathname;
  return { ...site, server: { name: 'joinery', port: site.port, authorization: `Bearer ${token}`, base } };
}

/** Joinery, as an operator starts it. */
export function joineryOn(site: Site): Start {
  return async (environment = {}) => {
    const running = await startJoinery({ ...site, environment: { ...site.environment, ...environment } });
    return { server: { ...site.server, pid: running.child.pid ?? 0 }, stop: () => stopJoinery(running) };
  };
}

/** A hand-written reference on its own file: `floor.ts`, `floor-with-history.ts`. */
export function floorOn(program: string, file: string): Start {
  return (environment) => startReference(program, [file, 'floor-token'], environment);
}

export const startBare: Start = (environment) => startReference('bare.ts', [], environment);

/** A run that is broken off leaves no reference behind. */
const leftOver = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of leftOver) child.kill('SIGKILL');
});

/** The references print their address as their first line: `{"address":"127.0.0.1","port":40123}`. */
async function startReference(
  program: string,
  words: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): Promise<Started> {
  const file = fileURLToPath(new URL(program, import.meta.url));
  const env = { ...process.env, ...environment };
  const child = spawn(process.execPath, [file, ...words], { stdio: ['ignore', 'pipe', 'inherit'], env });
  leftOver.add(child);
  child.once('exit', () => leftOver.delete(child));
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  const { port } = JSON.parse(line) as { port: number };
  const name = program.replace(/\.ts$/, '');
  return {
    server: { name, port, pid: child.pid ?? 0, authorization: 'Bearer floor-token', base: '/scim/v2' },
    stop: () => stopReference(child),
  };
}

async function stopReference(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}
