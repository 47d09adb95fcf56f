import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { compare } from './compare.ts';
import { measureCreates } from './creates.ts';
import { measureGroups } from './groups.ts';
import { measureReplicas } from './replicas.ts';
import type { Options, Run } from './run.ts';
import type { Started } from './servers.ts';
import { measureUndo } from './undo.ts';

const HELP = `Usage: npm run bench -- [groups|creates|replicas|undo] [options]

  npm run bench                         the operations that Okta sends, beside hand-written references, with 1,000 and
                                        with 100,000 users; under 10 minutes
  npm run bench -- groups               what one member more, or a look without members, costs in a group of 100,000,
                                        beside a group of 100; under 3 minutes
  npm run bench -- creates              on PostgreSQL: creates in one directory over 16 connections, beside the same
                                        inserts without sequence and counts; about a minute
  npm run bench -- replicas             on PostgreSQL: one, two and three servers, their connections, and the bytes that
                                        a user takes; about five minutes
  npm run bench -- undo                 a mass deactivation of a fifth of 50,000 users, and taking it back beside a server
                                        that is read from, on both databases; about five minutes

  --quick                  smaller and shorter: under a minute
  --only filter,page       the operations whose names contain one of these words
  --sizes 1000,50000       how many users; for groups, how many members (two sizes)
  --rounds 10              how many times each operation and size is visited
  --milliseconds 500       how long a visit lasts (not for groups, whose visits have a fixed number of requests)
  --entry dist/main.js     the built package (after npm run build)
  --references-only        without Joinery (not for groups)
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
    'references-only': { type: 'boolean', default: false },
  },
});
const [name = 'compare', ...more] = positionals;
const bench = new Map([
  ['compare', compare],
  ['groups', measureGroups],
  ['creates', measureCreates],
  ['replicas', measureReplicas],
  ['undo', measureUndo],
]).get(name);
if (values.help) process.stdout.write(HELP);
else if (bench === undefined || more.length > 0) {
  process.stderr.write(HELP);
  process.exitCode = 2;
} else await runBench(bench);

async function runBench(bench: (run: Run) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'joinery-bench-'));
  const started: Started[] = [];
  const keep: Run['keep'] = async (starting) => {
    const one = await starting;
    started.push(one);
    return one;
  };
  try {
    await bench({ folder, options: optionsGiven(), keep, say: (line) => process.stderr.write(`${line}\n`) });
  } finally {
    await Promise.all(started.map(({ stop }) => stop()));
    rmSync(folder, { recursive: true, force: true });
  }
}

function optionsGiven(): Options {
  const { quick, sizes, rounds, milliseconds, only, entry } = values;
  return {
    quick,
    entry,
    referencesOnly: values['references-only'],
    chosen: (name) => only.split(',').some((word) => name.includes(word)),
    ...(sizes === undefined ? {} : { sizes: sizes.split(',').map(Number) }),
    ...(rounds === undefined ? {} : { rounds: Number(rounds) }),
    ...(milliseconds === undefined ? {} : { milliseconds: Number(milliseconds) }),
  };
}
