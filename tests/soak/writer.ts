import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { JoinerySite } from '../process/joinery.ts';
import { type Drive, startDriving, type Target } from './drive.ts';
import { openJournal } from './journal.ts';
import { type Model, modelFromJournal } from './model.ts';
import { seededRandom } from './random.ts';
import { verify } from './verify.ts';

export interface WriterOptions {
  readonly site: JoinerySite;
  readonly token: string;
  readonly folder: string;
  readonly seed: number;
}

/** Mixed writes in a directory of its own, also of thousands of members, each in a journal before it is sent. */
export interface Writer {
  readonly acknowledged: () => number;
  /** After a mishap: reads the directory against the journal, and goes on. */
  settle(): Promise<void>;
  /** Sends no more, and reads everything back; resolves to all that was lost or half there, ever. */
  finish(): Promise<readonly string[]>;
}

const IN_FLIGHT = 4;
/** The providers are to have a share of two cores, too. */
const REST_MS = 60;
/** What was answered 503 because its commit was not heard of may be on its way to the disk. */
const ON_ITS_WAY_MS = 300;

export async function startWriter({ site, token, folder, seed }: WriterOptions): Promise<Writer> {
  const target: Target = { port: site.port, base: '/scim/v2', authorization: `Bearer ${token}` };
  const journal = await openJournal(join(folder, 'writes.jsonl'));
  await journal.flush();
  const random = seededRandom(seed + 1);
  const faults: string[] = [];
  let model: Model = await modelFromJournal(journal.file);
  let driving: Drive = await startDriving({ target, model, journal, random, inFlight: IN_FLIGHT, restMs: REST_MS });
  // Looked at when it is settled; until then nobody else hears of it.
  driving.done.catch(() => undefined);

  return {
    acknowledged: () => model.acknowledged,
    async settle() {
      await readBack(false);
      driving = await startDriving({ target, model, journal, random, inFlight: IN_FLIGHT, restMs: REST_MS });
      driving.done.catch(() => undefined);
    },
    async finish() {
      await readBack(true);
      await journal.close();
      return faults;
    },
  };

  async function readBack(everyone: boolean): Promise<void> {
    driving.finish();
    await driving.done.catch((error: unknown) => void faults.push(String(error)));
    await pause(ON_ITS_WAY_MS);
    await journal.flush();
    model = await modelFromJournal(journal.file);
    const { lost, half } = await verify(model, { target, journal, everyone });
    faults.push(...lost.map((line) => `LOST ${line}`), ...half.map((line) => `HALF ${line}`));
  }
}
