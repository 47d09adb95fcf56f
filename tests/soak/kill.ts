import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { firstToken, joinerySite, spawnJoinery, startJoinery, stopJoinery } from '../process/joinery.ts';
import { startDriving, type Target } from './drive.ts';
import { openJournal } from './journal.ts';
import { type Model, modelFromJournal } from './model.ts';
import { seededRandom } from './random.ts';
import { contradictions } from './rows.ts';
import { verify } from './verify.ts';

export interface KillOptions {
  readonly kills: number;
  /** The longest time between a start and the next kill. */
  readonly seconds: number;
  readonly seed: number;
  readonly folder: string;
  readonly entry: string;
}

const IN_FLIGHT = 16;

/**
 * Kills the server (SIGKILL) at random moments under mixed writes and restarts it on the same file. After each start the
 * client's journal, read anew from its disk, is held against what the server answers. Returns whether nothing was lost.
 */
export async function soakKills({ kills, seconds, seed, folder, entry }: KillOptions): Promise<boolean> {
  const random = seededRandom(seed);
  const site = await joinerySite(join(folder, 'server'), entry);
  const { token, baseUrl } = await firstToken(site);
  const target: Target = { port: site.port, base: new URL(baseUrl).pathname, authorization: `Bearer ${token}` };
  const journal = await openJournal(join(folder, 'journal.jsonl'));
  await journal.flush();
  console.log(`seed ${seed}; the journal is ${journal.file}, the database ${site.database}`);

  const sum = { lost: 0, half: 0, acknowledged: 0, large: 0, inFlight: 0 };
  const large = new Map<string, number>();
  for (let kill = 0; kill <= kills; kill++) {
    if (kill > 0 && kill % 5 === 0) {
      const early = spawnJoinery(site);
      await pause(random.integer(600));
      await stopJoinery(early, 'SIGKILL');
    }
    const began = performance.now();
    const server = await startJoinery(site);
    const started = performance.now() - began;
    const model = await modelFromJournal(journal.file);
    const verdict = await verify(model, { target, journal, everyone: kill === kills });
    const rows = contradictions(site.database, model);
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
        `kill ${kill} of ${kills}: up again in ${Math.round(started)} ms; ${model.acknowledged} acknowledged, ${applied + absent} were in flight (${applied} are there, ${absent} are not), ${model.users.size} users, ${model.groups.size} groups, lost ${verdict.lost.length}, half-applied ${verdict.half.length + rows.length}`,
      );
    }
    if (kill === kills) {
      await stopJoinery(server);
      break;
    }
    const driving = await startDriving({ target, model, journal, random, inFlight: IN_FLIGHT });
    if (kill % 2 === 1) {
      await Promise.race([grown(model, driving.done), driving.done]);
      await pause(random.integer(seconds * 500));
      await Promise.race([driving.sendLarge(LARGE_AT_ONCE), pause(2000), driving.done]);
      await pause(random.integer(60));
    } else {
      await Promise.race([pause(50 + random.integer(seconds * 1000)), driving.done]);
    }
    await stopJoinery(server, 'SIGKILL');
    await driving.done;
    await journal.flush();
  }
  await journal.close();
  const kinds = [...large].map(([kind, times]) => `${kind} ${times}`).join(', ');
  console.log(`in flight when killed ${sum.inFlight}; of them over 1,000 members: ${kinds || 'none'}`);
  console.log(
    `acknowledged ${sum.acknowledged} (${sum.large} over 1,000 members), lost ${sum.lost}, half-applied ${sum.half}`,
  );
  return sum.lost === 0 && sum.half === 0;
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
