import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { DatabaseName } from './ground.ts';

/**
 *     npm run soak -- --minutes 30           twenty simulated providers on both databases, whose servers are stopped and
 *                                            killed under them: nothing is lost, memory and logs stay bounded
 *     npm run soak -- --kill 20              20 kills under load; every acknowledged write is read back
 *     npm run soak -- --kill 20 --seed 7     the same choices again
 *     npm run soak -- --kill 20 --database postgres   on PostgreSQL, which is killed, restarted and cut off too
 *     npm run soak -- --strace               each reply is written after a sync that followed its request
 *     npm run soak -- --tokens               tokens made and revoked by CLI while a simulated Okta works
 *
 * Exits 1 when anything is lost, half there, unsynced or refused. On a failure its folder is kept and named.
 */
const { values: options } = parseArgs({
  options: {
    minutes: { type: 'string' },
    kill: { type: 'string' },
    database: { type: 'string' },
    seconds: { type: 'string', default: '2' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    strace: { type: 'boolean', default: false },
    creates: { type: 'string', default: '1000' },
    tokens: { type: 'boolean', default: false },
    users: { type: 'string', default: '2000' },
    entry: { type: 'string', default: 'src/main.ts' },
  },
});

const DATABASES: readonly DatabaseName[] = ['sqlite', 'postgres'];

const folder = mkdtempSync(join(tmpdir(), 'joinery-soak-'));
const held: boolean[] = [];
if (options.strace) {
  const { soakSyncs } = await import('./strace.ts');
  held.push(await soakSyncs({ creates: Number(options.creates), folder, entry: options.entry }));
}
if (options.tokens) {
  const { soakTokens } = await import('./tokens.ts');
  held.push(await soakTokens({ users: Number(options.users), folder, entry: options.entry }));
}
const [seconds, seed] = [Number(options.seconds), Number(options.seed)];
if (options.minutes !== undefined) {
  const { soakMinutes } = await import('./minutes.ts');
  const databases = options.database === undefined ? DATABASES : [readDatabase(options.database)];
  held.push(await soakMinutes({ minutes: Number(options.minutes), databases, seed, folder, entry: options.entry }));
}
if (options.kill !== undefined || held.length === 0) {
  const { soakKills } = await import('./kill.ts');
  const kills = Number(options.kill ?? 20);
  const database = readDatabase(options.database ?? 'sqlite');
  held.push(await soakKills({ database, kills, seconds, seed, folder, entry: options.entry }));
}
if (held.includes(false)) {
  console.log(`kept for a look: ${folder}`);
  process.exitCode = 1;
} else rmSync(folder, { recursive: true, force: true });

function readDatabase(name: string): DatabaseName {
  const found = DATABASES.find((one) => one === name);
  if (found === undefined) throw new Error(`--database is sqlite or postgres, not ${name}`);
  return found;
}
