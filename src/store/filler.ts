import { setTimeout as sleep } from 'node:timers/promises';
import { StoreUnavailable } from '../directory/index.ts';
import type { ResourceType } from '../scim/index.ts';
import { KEYED } from './columns.ts';
import type { LogEvent } from './event.ts';
import { type Fill, fillsWanted, type Indexed } from './fills.ts';

/** Keeps `keys` what the configuration says it is, also for what was stored before that said so (decision 19). */
export interface Filler {
  /**
   * Takes over what the applications declare. Resolves when that is remembered, so that whoever comes next knows what is
   * still to be done; it is done afterwards, a little at a time.
   */
  declare(applications: readonly Indexed[]): Promise<void>;
  /** Says, from this moment on, whether all values that have a name in `keys` are there at this moment. */
  ready(): (keyName: string) => boolean;
  /** Looks again at how far everything is: another process may have filled something in, or declared it otherwise. */
  refresh(): Promise<void>;
  /** Resolves when nothing more is done. */
  close(): Promise<void>;
}

export interface FillerMeans {
  /** How far everything of an application is. */
  stored(application: string): Promise<readonly Fill[]>;
  keep(fills: readonly Fill[]): Promise<void>;
  /** Does a little more, and remembers how far it is; undefined when all is done. */
  slice(fill: Fill, type: ResourceType | undefined): Promise<Fill | undefined>;
  readonly log: LogEvent;
}

/** Between two slices the writes and reads of others have as much time again, and more. */
const REST_MS = 8;
const AFTER_FAILURE_MS = 1_000;

export function createFiller({ stored, keep, slice, log }: FillerMeans): Filler {
  let stopping = new AbortController();
  let filled: ReadonlySet<string> = new Set([KEYED.name]);
  let working: Promise<void> = Promise.resolve();
  let declared: readonly Indexed[] = [];

  return {
    async declare(applications) {
      await stop();
      stopping = new AbortController();
      declared = applications;
      const fills = await wanted();
      const pending = fills.filter(({ state }) => state !== 'done');
      if (pending.length > 0) await keep(pending);
      filled = new Set([KEYED.name, ...namesDone(fills)]);
      working = fillAll(fills, applications);
    },
    ready() {
      const now = filled;
      return (keyName) => now.has(keyName);
    },
    async refresh() {
      filled = new Set([KEYED.name, ...namesDone(await wanted())]);
    },
    close: stop,
  };

  async function wanted(): Promise<readonly Fill[]> {
    const fills: Fill[] = [];
    for (const indexed of declared) fills.push(...fillsWanted(await stored(indexed.application), indexed));
    return fills;
  }

  async function stop(): Promise<void> {
    stopping.abort();
    await working;
  }

  async function fillAll(fills: readonly Fill[], applications: readonly Indexed[]): Promise<void> {
    const all = [...fills];
    for (const [index, fill] of fills.entries()) {
      if (fill.state === 'done') continue;
      const type = applications
        .find(({ application }) => application === fill.application)
        ?.types.find(({ name }) => name === fill.type);
      const isDone = await finish(fill, (at) => slice(at, type));
      if (!isDone) return;
      all[index] = { ...fill, state: 'done' };
      filled = new Set([KEYED.name, ...namesDone(all)]);
      log({ kind: 'keys-filled', application: fill.application, type: fill.type, attribute: fill.attribute });
    }
  }

  /** False when it was cut off. */
  async function finish(fill: Fill, next: (at: Fill) => Promise<Fill | undefined>): Promise<boolean> {
    let at: Fill | undefined = fill;
    while (at !== undefined) {
      if (!(await rest(REST_MS))) return false;
      try {
        at = await next(at);
      } catch (error) {
        // What the writer could not write it has said itself.
        if (!(error instanceof StoreUnavailable)) log({ kind: 'fill-failed', cause: error });
        if (!(await rest(AFTER_FAILURE_MS))) return false;
      }
    }
    return true;
  }

  /** False when it is to stop. */
  async function rest(milliseconds: number): Promise<boolean> {
    await sleep(milliseconds, undefined, { signal: stopping.signal }).catch(() => undefined);
    return !stopping.signal.aborted;
  }
}

/** An attribute may be declared in several applications, under one name. */
function namesDone(fills: readonly Fill[]): readonly string[] {
  const wanted = fills.filter(({ attribute, state }) => attribute !== '' && state !== 'drop');
  const missing = new Set(wanted.filter(({ state }) => state !== 'done').map(({ attribute }) => attribute));
  return wanted.map(({ attribute }) => attribute).filter((attribute) => !missing.has(attribute));
}
