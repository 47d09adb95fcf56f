import { parseArgs } from 'node:util';

/**
 *     npm run fuzz                             20,000 queries, SQL against memory, and 20,000 calls
 *     npm run fuzz -- --cases 100000           more of both
 *     npm run fuzz -- --only queries --seed 7  one of the two; the same choices again
 *     npm run fuzz -- --database postgres      the queries on a PostgreSQL that it starts
 *
 * Exits 1 when SQL and memory differ, or when a call is answered with a 5xx: such calls are added to `tests/fuzz/corpus`. What
 * holds the event loop for more than 50 ms is told.
 */
const { values: options } = parseArgs({
  options: {
    cases: { type: 'string', default: '20000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    only: { type: 'string' },
    database: { type: 'string' },
  },
});
const [cases, seed] = [Number(options.cases), Number(options.seed)];
const database = options.database === 'postgres' ? 'postgres' : 'sqlite';
console.log(`seed ${seed}`);

if (options.only !== 'calls') {
  const { runQueries } = await import('./queries/run.ts');
  const end = database === 'postgres' ? await (await import('../harness/cluster.ts')).setup() : async () => undefined;
  const since = performance.now();
  const { done, differences } = await runQueries({ cases, seed, database, onWorld: progress('queries') });
  for (const { seed, query, difference } of differences) console.log(`world ${seed}: ${query}\n  ${difference}`);
  console.log(`${done} queries on ${database}, ${differences.length} differences, ${seconds(since)} s`);
  if (differences.length > 0) process.exitCode = 1;
  await end();
}

if (options.only !== 'queries') {
  const { runCalls } = await import('./calls/run.ts');
  const { keepCalls } = await import('./calls/corpus.ts');
  const since = performance.now();
  const { found, slow, statuses } = await runCalls({ cases, seed, onCase: progress('calls') });
  for (const { name, asked, wrong } of found) console.log(`${name}: ${JSON.stringify(asked)}\n  ${wrong}`);
  for (const { name, asked, turn } of slow) {
    console.log(`${name}: ${turn.toFixed(0)} ms in one turn for ${JSON.stringify(asked).slice(0, 300)}`);
  }
  const told = [...statuses].sort(([one], [other]) => one - other).map(([status, times]) => `${status}: ${times}`);
  console.log(`${cases} calls, ${found.length} wrong, ${slow.length} slow, ${seconds(since)} s (${told.join(', ')})`);
  keepCalls(found.map(({ name, asked }) => ({ name, asked })));
  if (found.length > 0) process.exitCode = 1;
}

function progress(what: string): (done: number) => void {
  let told = 0;
  return (done) => {
    if (done - told < 10_000) return;
    told = done;
    console.log(`${done} ${what}`);
  };
}

function seconds(since: number): string {
  return ((performance.now() - since) / 1000).toFixed(1);
}
