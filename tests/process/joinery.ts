import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { openConnection, requestBytes } from './connection.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface JoinerySite {
  /** Holds the database (`joinery.db`) and what the server printed (`server.log`). */
  readonly folder: string;
  readonly port: number;
  /** The SQLite file; not there where the site was given another database. */
  readonly database: string;
  readonly log: string;
  /** `src/main.ts`, or the built `dist/main.js`. */
  readonly entry: string;
  readonly environment: NodeJS.ProcessEnv;
}

export interface JoineryProcess {
  readonly child: ChildProcess;
  /** Resolves when the process is gone, however it ended. */
  readonly ended: Promise<void>;
}

export interface JoineryToken {
  readonly token: string;
  readonly baseUrl: string;
}

/** `DATABASE_URL` and what belongs to it, of a database that is not a SQLite file of the site's own. */
export type DatabaseEnvironment = Readonly<Record<string, string>>;

/** A place for one Joinery: its folder, its database and a free port that it keeps over restarts. */
export async function joinerySite(
  folder: string,
  entry = 'src/main.ts',
  given: DatabaseEnvironment = {},
): Promise<JoinerySite> {
  mkdirSync(folder, { recursive: true });
  const port = await freePort();
  const database = join(folder, 'joinery.db');
  return {
    folder,
    port,
    database,
    log: join(folder, 'server.log'),
    entry,
    environment: {
      ...process.env,
      HOST: '127.0.0.1',
      PORT: String(port),
      DATABASE_URL: `sqlite:${database}`,
      PUBLIC_URL: `http://127.0.0.1:${port}`,
      ...given,
    },
  };
}

/** A run that fails in the middle leaves no server behind. */
const leftOver = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of leftOver) child.kill('SIGKILL');
});

/** Spawns the server (below `wrapper`, if there is one: `['strace', '-f', …]`). */
export function spawnJoinery(site: JoinerySite, wrapper: readonly string[] = []): JoineryProcess {
  const log = openSync(site.log, 'a');
  const [command = '', ...rest] = [...wrapper, process.execPath, site.entry, 'serve'];
  const child = spawn(command, rest, { cwd: root, env: site.environment, stdio: ['ignore', log, log] });
  closeSync(log);
  leftOver.add(child);
  child.once('exit', () => leftOver.delete(child));
  return { child, ended: new Promise<void>((resolve) => child.once('exit', () => resolve())) };
}

/** Resolves when the server answers `/readyz`. */
export async function startJoinery(site: JoinerySite, wrapper: readonly string[] = []): Promise<JoineryProcess> {
  const server = spawnJoinery(site, wrapper);
  const { child } = server;
  const deadline = Date.now() + 60_000;
  while (!(await isReady(site.port))) {
    if (child.exitCode !== null || child.signalCode !== null || Date.now() > deadline) {
      child.kill('SIGKILL');
      throw new Error(`the server did not start: ${readFileSync(site.log, 'utf8').slice(-2000)}`);
    }
    await pause(20);
  }
  return server;
}

export async function stopJoinery(server: JoineryProcess, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  server.child.kill(signal);
  await server.ended;
}

export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `joinery <words…>` against the site's database, as an operator would from another terminal. */
export function runCommand(site: JoinerySite, words: readonly string[]): Promise<CommandResult> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [site.entry, ...words],
      { cwd: root, env: site.environment, maxBuffer: 64 << 20 },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1;
        resolve({ code, stdout, stderr });
      },
    );
  });
}

/** Makes the organization `acme` and a token for it. */
export async function firstToken(site: JoinerySite): Promise<JoineryToken> {
  await succeed(site, ['organization', 'create', '--name', 'Acme', '--slug', 'acme']);
  const printed = await succeed(site, ['token', 'create', '--organization', 'acme', '--name', 'ci', '--json']);
  return JSON.parse(printed.stdout) as JoineryToken;
}

async function succeed(site: JoinerySite, words: readonly string[]): Promise<CommandResult> {
  const result = await runCommand(site, words);
  if (result.code !== 0) throw new Error(`joinery ${words.join(' ')} exited ${result.code}: ${result.stderr}`);
  return result;
}

async function isReady(port: number): Promise<boolean> {
  try {
    const connection = await openConnection(port);
    try {
      return (await connection.exchange(requestBytes('GET', '/readyz'))).status === 200;
    } finally {
      connection.close();
    }
  } catch {
    return false;
  }
}

/**
 * A port that stays free while the server is down: below those that the system hands out for `listen(0)` and for outgoing
 * connections, of which other tests may get it between two starts.
 */
async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(20_000, 32_000);
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
