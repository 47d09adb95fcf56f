import { join } from 'node:path';
import type { DatabaseName } from './ground.ts';
import { openStage, type Stage } from './stage.ts';

export interface MinutesOptions {
  readonly minutes: number;
  readonly databases: readonly DatabaseName[];
  readonly seed: number;
  readonly folder: string;
  readonly entry: string;
}

const QUARTERS = 4;
const MINUTE_MS = 60_000;

/**
 * For so many minutes twenty simulated identity providers, and one more load, work on a server of each database, all at
 * the same time. In the first half of each quarter the servers are stopped and killed at random moments, PostgreSQL too;
 * in the second they are left alone, and their memory is held against its bounds. Prints a line a minute; returns whether
 * all that was acknowledged is there, and nothing grew.
 */
export async function soakMinutes({ minutes, databases, seed, folder, entry }: MinutesOptions): Promise<boolean> {
  console.log(`seed ${seed}; ${minutes} minutes on ${databases.join(' and ')} at the same time; all is in ${folder}`);
  const stages = await Promise.all(
    databases.map((database) => openStage({ database, seed, folder: join(folder, database), entry })),
  );
  const began = performance.now();
  const tell = (): void => {
    const passed = ((performance.now() - began) / MINUTE_MS).toFixed(1);
    for (const { shown } of stages) console.log(`${passed} of ${minutes} minutes · ${shown()}`);
  };
  const telling = setInterval(tell, MINUTE_MS);
  try {
    const quarter = (minutes * MINUTE_MS) / QUARTERS;
    await Promise.all(stages.map((stage) => quarters(stage, began, quarter)));
    clearInterval(telling);
    const faults = await Promise.all(stages.map((stage) => stage.conclude()));
    return faults.every((found) => found.length === 0);
  } finally {
    clearInterval(telling);
    await Promise.all(stages.map((stage) => stage.end()));
  }
}

async function quarters(stage: Stage, began: number, length: number): Promise<void> {
  for (let quarter = 0; quarter < QUARTERS; quarter += 1) {
    const end = began + (quarter + 1) * length;
    await stage.disturb(end - length / 2);
    await stage.leaveAlone(end);
  }
}
