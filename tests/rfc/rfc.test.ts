import { afterAll, beforeAll, describe, test } from 'vitest';
import { DATABASES, startServer, type TestServer } from '../harness/index.ts';
import { type Case, MODES, type Mode } from './case.ts';
import { CASES } from './coverage.ts';
import { play } from './play.ts';
import { SECTIONS } from './requirements.ts';
import { CONFIG, openWorld } from './world.ts';

describe.each(DATABASES)('on %s', (database) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer({ database, config: CONFIG, env: { LOG_LEVEL: 'fatal' } });
  });
  afterAll(() => server.close());

  for (const { section, title, items } of SECTIONS) {
    const ids = new Set(items.map(({ id }) => id));
    const cases = CASES.filter((each) => ids.has(each.ids[0] ?? ''));
    if (cases.length === 0) continue;
    describe.concurrent(`${section} ${title}`, () => {
      describe.each(MODES)('%s', (mode) => {
        for (const each of cases) {
          const run = bugOf(each, mode) === undefined ? test : test.fails;
          run(`${each.ids.join(' ')} ${each.title}`, LONG, async () => play(each, await openWorld(server, mode)));
        }
      });
    });
  }
});

/** A thousand operations in one request wait for their turn among the other cases. */
const LONG = { timeout: 120_000 };

function bugOf({ bug }: Case, mode: Mode): string | undefined {
  return typeof bug === 'object' ? bug[mode] : bug;
}
