import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const MAIN = join(ROOT, 'src/main.ts');

export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the real CLI to its end, with `input` on its standard input. */
export function runCommand(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  input?: string,
): Promise<CommandResult> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [MAIN, ...args],
      { cwd: ROOT, env: { ...cleanEnv(), ...env }, maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) => resolve({ code: error === null ? 0 : Number(error.code ?? -1), stdout, stderr }),
    );
    if (input !== undefined) child.stdin?.end(input);
  });
}

/** A folder of its own for a SQLite, removed at the end. Of either database: `openDatabase`. */
export function temporaryDatabase(): {
  readonly env: { readonly DATABASE_URL: string };
  readonly folder: string;
  remove(): void;
} {
  const folder = mkdtempSync(join(tmpdir(), 'joinery-'));
  return {
    folder,
    env: { DATABASE_URL: `sqlite:${join(folder, 'joinery.db')}` },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

export interface ServerProcess {
  readonly port: number;
  readonly baseUrl: string;
  readonly child: ChildProcess;
  /** Everything it printed so far. */
  output(): string;
  /** Resolves to the exit code (null after a signal that killed it). */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

/** `joinery serve` as a process of its own, on a free port, for tests that kill it. */
export async function startServerProcess(
  env: Readonly<Record<string, string>>,
  command: 'serve' | 'start' = 'serve',
): Promise<ServerProcess> {
  const child = spawn(process.execPath, [MAIN, command], {
    cwd: ROOT,
    env: { ...cleanEnv(), PORT: '0', LOG_LEVEL: 'info', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const base = await new Promise<string>((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      output += chunk;
      const found = /"bases":\["([^"]+)"/.exec(output)?.[1];
      if (found !== undefined) resolve(found);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('exit', (code) => reject(new Error(`joinery ${command} ended with ${code}: ${output}`)));
  });
  return {
    port: Number(new URL(base).port),
    baseUrl: base,
    child,
    output: () => output,
    stop: (signal = 'SIGTERM') => {
      child.kill(signal);
      return exited;
    },
  };
}

export interface Turns {
  readonly longest: number;
  readonly all: number;
}

export interface ProbedServerProcess extends ServerProcess {
  /** The turns of its event loop since this was last asked, in milliseconds of CPU. */
  turns(): Promise<Turns>;
}

/** `joinery serve` with `turn-probe.ts` loaded into it. */
export async function startProbedServerProcess(env: Readonly<Record<string, string>>): Promise<ProbedServerProcess> {
  const probe = new URL('./turn-probe.ts', import.meta.url).href;
  const server = await startServerProcess({ ...env, NODE_OPTIONS: `--import=${probe}` });
  return {
    ...server,
    turns: () => {
      const from = server.output().length;
      return new Promise((resolve) => {
        const look = (): void => {
          const found = /\{"longest-turn":([\d.e-]+),"all-turns":([\d.e-]+)\}/.exec(server.output().slice(from));
          if (found === null) return;
          server.child.stdout?.off('data', look);
          resolve({ longest: Number(found[1]), all: Number(found[2]) });
        };
        server.child.stdout?.on('data', look);
        server.child.kill('SIGUSR2');
      });
    },
  };
}

/** This process's environment without what would set the child up otherwise. */
function cleanEnv(): NodeJS.ProcessEnv {
  const { PORT, HOST, PUBLIC_URL, LOG_LEVEL, JOINERY_CONFIG, DRAIN_SECONDS, ...others } = process.env;
  const { DATABASE_URL, DATABASE_OWNER_URL, DATABASE_CONNECTIONS, ...rest } = others;
  return rest;
}
