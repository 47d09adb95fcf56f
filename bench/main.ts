import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { compare } from './compare.ts';
import { measureCreates } from './creates.ts';
import { measureGroups } from './groups.ts';
import { measureProfile } from './profile.ts';
import { measureQuiet } from './quiet.ts';
import { measureReplicas } from './replicas.ts';
import type { Options, Run } from './run.ts';
import type { Started } from './servers.ts';
import { measureUndo } from './undo.ts';

const HELP = `Usage: npm run bench -- [groups|creates|replicas|undo|quiet|profile] [options]

  npm run bench                         what identity providers send, on both databases, with 1,000, 100,000 and 1,000,000
                                        users, beside hand-written references; under 10 minutes on a machine that does
                                        nothing else, and about 20 GB of room for temporary files. Writes
                                        docs/reference/performance.md
  npm run bench -- groups               what one member more, or a look without members, costs in a group of 100,000,
                                        beside a group of 100; under 3 minutes
  npm run bench -- creates              on PostgreSQL: creates in one directory over 16 connections, beside the same
                                        inserts without sequence and counts; about a minute
  npm run bench -- replicas             on PostgreSQL: one, two and three servers, their connections, and the bytes that
                                        a user takes; about five minutes
  npm run bench -- undo                 a mass deactivation of a fifth of 50,000 users, and taking it back beside a server
                                        that is read from, on both databases; about five minutes
  npm run bench -- quiet                how long a quiet directory waits while others push as much as they can, on both
                                        databases; about five minutes
  npm run bench -- profile --only create
                                        where the time of an operation goes in the server, function by function;
                                        --database postgres for the other one

  --quick                  smaller and shorter: under a minute, without a name under two
  --full                   half an hour instead of ten minutes (without a name)
  --only filter,page       the operations whose names contain one of these words
  --sizes 1000,50000       how many users; for groups, how many members (two sizes)
  --rounds 10              how many times each operation and size is visited
  --milliseconds 500       how long a visit lasts (not for groups, whose visits have a fixed number of requests)
  --database sqlite        one of them only (without a name, and for undo and quiet)
  --entry dist/main.js     what is started; without a name the package is built first
`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    help: { type: 'boolean', short: 'h', default: false },
    quick: { type: 'boolean', default: false },
    sizes: { type: 'string' },
    rounds: { type: 'string' },
    milliseconds: { type: 'string' },
    only: { type: 'string', default: '' },
    entry: { type: 'string', default: 'src/main.ts' },
    database: { type: 'string', default: 'sqlite,postgres' },
    full: { type: 'boolean', default: false },
  },
});
const [name = 'compare', ...more] = positionals;
const bench = new Map([
  ['compare', compare],
  ['groups', measureGroups],
  ['creates', measureCreates],
  ['replicas', measureReplicas],
  ['undo', measureUndo],
  ['quiet', measureQuiet],
  ['profile', measureProfile],
]).get(name);
if (values.help) process.stdout.write(HELP);
else if (bench === undefined || more.length > 0) {
  process.stderr.write(HELP);
  process.exitCode = 2;
} else await runBench(bench);

async function runBench(bench: (run: Run) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'joinery-bench-'));
  // However it ends: a million users take gigabytes.
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130));
  const started: Started[] = [];
  const keep: Run['keep'] = async (starting) => {
    const one = await starting;
    started.push(one);
    return one;
  };
  const stopAll = async () => void (await Promise.all(started.splice(0).map(({ stop }) => stop())));
  const say = (line: string) => process.stderr.write(`${line}\n`);
  try {
    await bench({ folder, options: optionsGiven(), keep, stopAll, say });
  } finally {
    await stopAll();
  }
}

function optionsGiven(): Options {
  const { quick, full, sizes, rounds, milliseconds, only, database, entry } = values;
  return {
    quick,
    full,
    entry,
    databases: (['sqlite', 'postgres'] as const).filter((name) => database.split(',').includes(name)),
    chosen: (name) => only.split(',').some((word) => name.includes(word)),
    ...(sizes === undefined ? {} : { sizes: sizes.split(',').map(Number) }),
    ...(rounds === undefined ? {} : { rounds: Number(rounds) }),
    ...(milliseconds === undefined ? {} : { milliseconds: Number(milliseconds) }),
  };
}
