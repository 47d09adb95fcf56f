import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { firstToken, joinerySite, startJoinery, stopJoinery } from '../tests/process/joinery.ts';
import type { Server } from './world.ts';

export interface Started {
  readonly server: Server;
  readonly stop: () => Promise<void>;
}

/** Joinery as an operator starts it, on a new database, with one organization and its token. */
export async function startOurs(folder: string, entry: string, environment: NodeJS.ProcessEnv = {}): Promise<Started> {
  const site = await joinerySite(folder, entry);
  const { token, baseUrl } = await firstToken(site);
  const running = await startJoinery({ ...site, environment: { ...site.environment, ...environment } });
  const server = {
    name: 'joinery',
    port: site.port,
    pid: running.child.pid ?? 0,
    authorization: `Bearer ${token}`,
    base: new URL(baseUrl).pathname,
  };
  return { server, stop: () => stopJoinery(running) };
}

export async function startFloor(folder: string): Promise<Started> {
  const file = fileURLToPath(new URL('./floor.ts', import.meta.url));
  const { child, port } = await startReference([file, join(folder, 'floor.db'), 'floor-token']);
  const authorization = 'Bearer floor-token';
  return {
    server: { name: 'floor', port, pid: child.pid ?? 0, authorization, base: '/scim/v2' },
    stop: () => stopReference(child),
  };
}

export async function startBare(): Promise<Started> {
  const { child, port } = await startReference([fileURLToPath(new URL('./bare.ts', import.meta.url))]);
  return {
    server: { name: 'bare', port, pid: child.pid ?? 0, authorization: '', base: '' },
    stop: () => stopReference(child),
  };
}

/** The references print their address as their first line: `{"address":"127.0.0.1","port":40123}`. */
async function startReference(words: readonly string[]): Promise<{ child: ChildProcess; port: number }> {
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return { child, port: (JSON.parse(line) as { port: number }).port };
}

async function stopReference(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}
