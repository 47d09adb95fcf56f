import { setTimeout as pause } from 'node:timers/promises';
import {
  differenceSentence,
  failureSentence,
  type Report,
  type SimulateEntraOptions,
  type SimulateOptions,
  simulateEntra,
  simulateImport,
  simulateOkta,
} from '../../src/idp/index.ts';
import type { Random } from './random.ts';

/** How a simulated provider was set up by its administrator. */
export type Setup =
  | {
      readonly provider: 'okta';
      readonly flavour: NonNullable<SimulateOptions['flavour']>;
      readonly auth: NonNullable<SimulateOptions['auth']>;
    }
  | { readonly provider: 'entra'; readonly flavour: NonNullable<SimulateEntraOptions['flavour']> };

/** Dealt out in turn. */
export const SETUPS: readonly [Setup, ...Setup[]] = [
  { provider: 'okta', flavour: 'oin-patch', auth: 'bearer' },
  { provider: 'entra', flavour: 'classic' },
  { provider: 'okta', flavour: 'oin-put', auth: 'bearer' },
  { provider: 'okta', flavour: 'aiw', auth: 'raw-header' },
  { provider: 'entra', flavour: 'aadOptscim062020' },
  { provider: 'okta', flavour: 'catalog', auth: 'basic' },
];

export interface Provider {
  readonly setup: Setup;
  readonly baseUrl: string;
  readonly token: string;
  /** Its own, so that what one does hangs on nobody else's speed. */
  readonly random: Random;
}

export interface Provided {
  runs: number;
  readonly faults: string[];
}

/** Run after run, each with people and groups of its own, until it is asked to stop; the last one is finished. */
export async function provide(provider: Provider, provided: Provided, stopped: AbortSignal): Promise<void> {
  const { random } = provider;
  await rest(random.integer(5_000), stopped);
  while (!stopped.aborted) {
    const lines: string[] = [];
    const users = 12 + random.integer(14);
    const run = Array.from({ length: 8 }, () => random.integer(36).toString(36)).join('');
    // People that stay are read again at the end, after all that befalls the server until then.
    const clean = random.chance(0.7);
    const seed = random.integer(1_000_000);
    const report = await simulate(provider, { users, run, clean, seed, lines });
    provided.runs += 1;
    const said = [...report.failures.map(failureSentence), ...report.differences.map(differenceSentence)];
    if (said.length > 0) {
      const { provider: name, flavour } = provider.setup;
      provided.faults.push(`${name} ${flavour}, run ${run} of ${users} people, seed ${seed}: ${said.join(' ')}`);
    }
    if (provider.setup.provider === 'okta') await importAgain(provider, { users, run, seed, provided });
    await rest(random.integer(4_000), stopped);
  }
}

function simulate(
  { setup, baseUrl, token }: Provider,
  { lines, ...given }: { users: number; run: string; clean: boolean; seed: number; lines: string[] },
): Promise<Report> {
  const options = { baseUrl, token, ...given, print: (line: string) => void lines.push(line) };
  if (setup.provider === 'entra') return simulateEntra({ ...options, flavour: setup.flavour });
  return simulateOkta({ ...options, flavour: setup.flavour, auth: setup.auth });
}

/** "Import Now": all pages of all that is there. */
async function importAgain(
  { setup, baseUrl, token }: Provider,
  { users, run, seed, provided }: { users: number; run: string; seed: number; provided: Provided },
): Promise<void> {
  if (setup.provider === 'entra') return;
  const lines: string[] = [];
  const { flavour, auth } = setup;
  const print = (line: string): void => void lines.push(line);
  const { exitCode } = await simulateImport({ baseUrl, token, users, run, seed, flavour, auth, print });
  if (exitCode !== 0) provided.faults.push(`okta ${flavour}, import after run ${run}: ${lines.join(' ')}`);
}

async function rest(milliseconds: number, stopped: AbortSignal): Promise<void> {
  await pause(milliseconds, undefined, { signal: stopped }).catch(() => undefined);
}
