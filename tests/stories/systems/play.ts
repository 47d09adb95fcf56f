import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DatabaseName } from '../../harness/index.ts';
import { STORIES } from './index.ts';
import { openWorld, type World } from './world.ts';

/** What `npm run story -- all` prints: each system of the guides, on a server with its example's configuration. */
export function playStories(database: DatabaseName): void {
  describe.each(STORIES.map((story) => ({ name: story.name, story })))('$name', ({ story }) => {
    let world: World;
    let runs: readonly (() => Promise<string>)[] = [];
    beforeAll(async () => {
      world = await openWorld(story, database);
      runs = await story.open(world);
    }, 60_000);
    afterAll(() => world?.close());

    test.each(story.steps.map(({ title, holds }, at) => ({ title, lines: holds.join(' '), at })))(
      '$title ($lines)',
      async ({ at }) => {
        const seen = await runs[at]?.();
        expect(seen).toMatch(/\S/);
      },
      // Some run a dozen commands, each a process.
      120_000,
    );
  });
}
