import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { DatabaseName } from './ground.ts';

const HELP = `Usage: npm run soak -- [options]

  npm run soak -- --minutes 30          twenty simulated providers on both databases, whose servers are stopped and
                                        killed under them: nothing is lost, memory and logs stay bounded
  npm run soak -- --kill 20             20 kills under load; every acknowledged write is read back (without options, too)
  npm run soak -- --kill 20 --seed 7    the same choices again
  npm run soak -- --kill 20 --database postgres
                                        on PostgreSQL, which is killed, restarted and cut off too
  npm run soak -- --strace              each reply is written after a sync that followed its request
  npm run soak -- --tokens              tokens made and revoked by CLI while a simulated Okta works

  --database sqlite        one of them only (without it: both for --minutes, sqlite for --kill)
  --seconds 2              at most how long it works between two kills
  --creates 1000           how many for --strace
  --users 2000             how many for --tokens
  --entry dist/main.js     what is started

Exits 1 when anything is lost, half there, unsynced or refused. On a failure its folder is kept and named.
`;

const { values: options } = parseArgs({
  options: {
    help: { type: 'boolean', short: 'h', default: false },
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

if (options.help) {
  process.stdout.write(HELP);
  process.exit(0);
}

// Ended from outside it ends what it started, as it does when it fails (`process/joinery.ts`).
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(130));

const DATABASES: readonly DatabaseName[] = ['sqlite', 'postgres'];

const folder = mkdtempSync(join(tmpdir(), 'joinery-soak-'));
const held: boolean[] = [];
if (options.strace) {
  const { soakSyncs } = await import('./strace.ts');
  held.push(await soakSyncs({ creates: readNumber('creates', options.creates), folder, entry: options.entry }));
}
if (options.tokens) {
  const { soakTokens } = await import('./tokens.ts');
  held.push(await soakTokens({ users: readNumber('users', options.users), folder, entry: options.entry }));
}
const [seconds, seed] = [readNumber('seconds', options.seconds), readNumber('seed', options.seed)];
if (options.minutes !== undefined) {
  const { soakMinutes } = await import('./minutes.ts');
  const databases = options.database === undefined ? DATABASES : [readDatabase(options.database)];
  held.push(
    await soakMinutes({
      minutes: readNumber('minutes', options.minutes),
      databases,
      seed,
      folder,
      entry: options.entry,
    }),
  );
}
if (options.kill !== undefined || held.length === 0) {
  const { soakKills } = await import('./kill.ts');
  const kills = readNumber('kill', options.kill ?? '20');
  const database = readDatabase(options.database ?? 'sqlite');
  held.push(await soakKills({ database, kills, seconds, seed, folder, entry: options.entry }));
}
if (held.includes(false)) {
  console.log(`kept for a look: ${folder}`);
  process.exitCode = 1;
} else rmSync(folder, { recursive: true, force: true });

/** What is no number compares as neither more nor less: a soak of it would never end, or never begin. */
function readNumber(name: string, text: string): number {
  const number = Number(text);
  if (text.trim() === '' || !(number >= 0 && number < Number.POSITIVE_INFINITY))
    throw new Error(`--${name} is a number, not ${text}`);
  return number;
}

function readDatabase(name: string): DatabaseName {
  const found = DATABASES.find((one) => one === name);
  if (found === undefined) throw new Error(`--database is sqlite or postgres, not ${name}`);
  return found;
}
