import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { firstToken, type JoineryProcess, spawnJoinery, startJoinery, stopJoinery } from '../process/joinery.ts';
import { type Drive, startDriving, type Target } from './drive.ts';
import { type DatabaseName, type Ground, groundOf, type Mishap } from './ground.ts';
import { openJournal } from './journal.ts';
import { type Model, modelFromJournal } from './model.ts';
import { type Random, seededRandom } from './random.ts';
import { watchSizes } from './sizes.ts';
import { verify } from './verify.ts';

export interface KillOptions {
  readonly database: DatabaseName;
  readonly kills: number;
  /** The longest time between a start and the next kill. */
  readonly seconds: number;
  readonly seed: number;
  readonly folder: string;
  readonly entry: string;
}

const IN_FLIGHT = 16;

/**
 * Kills the server (SIGKILL) at random moments under mixed writes and restarts it on the same database; where the database
 * runs beside it, that is killed, restarted and cut off too. After each the client's journal, read anew from its disk, is
 * held against what the server answers. Returns whether nothing was lost, and no log grew beyond its bound.
 */
export async function soakKills({ database, kills, folder, ...options }: KillOptions): Promise<boolean> {
  const ground = await groundOf(database, join(folder, 'server'), options.entry);
  try {
    return await soak(ground, { database, kills, folder, ...options });
  } finally {
    await ground.end();
  }
}

async function soak(ground: Ground, { kills, seconds, seed, folder }: KillOptions): Promise<boolean> {
  const { site } = ground;
  const random = seededRandom(seed);
  const { token, baseUrl } = await firstToken(site);
  const target: Target = { port: site.port, base: new URL(baseUrl).pathname, authorization: `Bearer ${token}` };
  const journal = await openJournal(join(folder, 'journal.jsonl'));
  await journal.flush();
  console.log(`seed ${seed}; the journal is ${journal.file}, the database ${ground.place}`);

  const sizes = watchSizes(ground.growing);
  const sum = { lost: 0, half: 0, acknowledged: 0, large: 0, inFlight: 0, unavailable: 0 };
  const large = new Map<string, number>();
  let server: JoineryProcess | undefined;
  let what = '';
  for (let kill = 0; kill <= kills; kill++) {
    if (server === undefined && kill > 0 && kill % 5 === 0) {
      const early = spawnJoinery(site);
      await pause(random.integer(600));
      await stopJoinery(early, 'SIGKILL');
    }
    const began = performance.now();
    const restarted = server === undefined;
    server ??= await startJoinery(site);
    const started = performance.now() - began;
    const model = await modelFromJournal(journal.file);
    const verdict = await verify(model, { target, journal, everyone: kill === kills });
    const rows = await ground.contradictions(model);
    sum.lost += verdict.lost.length;
    sum.half += verdict.half.length + rows.length;
    const { applied, absent } = verdict.settled;
    for (const kind of verdict.settled.large) large.set(kind, (large.get(kind) ?? 0) + 1);
    sum.acknowledged = model.acknowledged;
    sum.large = model.acknowledgedLarge;
    sum.inFlight += applied + absent;
    for (const line of [
      ...verdict.lost.map((l) => `LOST ${l}`),
      ...[...verdict.half, ...rows].map((h) => `HALF ${h}`),
    ].slice(0, 20)) {
      console.log(line);
    }
    if (kill > 0) {
      console.log(
        `kill ${kill} of ${kills}: ${restarted ? `up again in ${Math.round(started)} ms` : what}; ${model.acknowledged} acknowledged, ${applied + absent} were in flight (${applied} are there, ${absent} are not), ${model.users.size} users, ${model.groups.size} groups, lost ${verdict.lost.length}, half-applied ${verdict.half.length + rows.length}`,
      );
    }
    if (kill === kills) break;
    const driving = await startDriving({ target, model, journal, random, inFlight: IN_FLIGHT });
    if (kill % 2 === 1) {
      await Promise.race([grown(model, driving.done), driving.done]);
      await pause(random.integer(seconds * 500));
      await Promise.race([driving.sendLarge(LARGE_AT_ONCE), pause(2000), driving.done]);
      await pause(random.integer(60));
    } else {
      await Promise.race([pause(50 + random.integer(seconds * 1000)), driving.done]);
    }
    const mishap = kill % 4 < 2 ? undefined : ground.mishaps[random.integer(ground.mishaps.length)];
    if (mishap === undefined) {
      await stopJoinery(server, 'SIGKILL');
      server = undefined;
    } else {
      what = await befall(mishap, driving, random);
    }
    await driving.done;
    sum.unavailable += driving.unavailable();
    await journal.flush();
  }
  if (server !== undefined) await stopJoinery(server);
  await journal.close();
  const kinds = [...large].map(([kind, times]) => `${kind} ${times}`).join(', ');
  console.log(`in flight when killed ${sum.inFlight}; of them over 1,000 members: ${kinds || 'none'}`);
  if (ground.mishaps.length > 0) console.log(`answered 503 while the database was away: ${sum.unavailable}`);
  console.log(
    `acknowledged ${sum.acknowledged} (${sum.large} over 1,000 members), lost ${sum.lost}, half-applied ${sum.half}`,
  );
  sizes.stop();
  console.log(sizes.shown());
  for (const fault of sizes.faults()) console.log(`GREW ${fault}`);
  const isIdle = kills > 0 && sum.acknowledged === 0;
  if (isIdle) console.log('nothing was acknowledged, so that nothing could be lost');
  return !isIdle && sum.lost === 0 && sum.half === 0 && sizes.faults().length === 0;
}

/** The server stays, and goes on once the database is there again. */
async function befall(mishap: Mishap, driving: Drive, random: Random): Promise<string> {
  const before = driving.unavailable();
  await mishap.happen();
  await Promise.race([pause(500 + random.integer(1000)), driving.done]);
  driving.finish();
  await driving.done;
  // What was answered 503 because its commit was not heard of may be on its way to the disk.
  await pause(300);
  return `${mishap.name}, ${driving.unavailable() - before} answered 503`;
}

/** They run one after another, so that some are in the middle when the kill comes. */
const LARGE_AT_ONCE = 4;
const ENOUGH_USERS = 2500;

/** Resolves when there are users for sets of thousands. */
async function grown(model: Model, ended: Promise<void>): Promise<void> {
  let over = false;
  const end = () => {
    over = true;
  };
  ended.then(end, end);
  while (!over && model.userIds.length < ENOUGH_USERS) await pause(20);
}
