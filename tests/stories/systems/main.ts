import { parseArgs } from 'node:util';
import { DATABASES, type DatabaseName } from '../../harness/index.ts';
import { STORIES } from './index.ts';
import type { Story } from './story.ts';
import { openWorld } from './world.ts';

// `npm run story -- sparkpost`: the steps of `tests/stories/systems.test.ts` and `systems-postgres.test.ts`, and what held, to be read.
const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { database: { type: 'string', default: 'sqlite' } },
});
const names = STORIES.map(({ name }) => name);
const [asked = ''] = positionals;
const chosen = STORIES.filter(({ name }) => asked === 'all' || asked === name);
const database = DATABASES.find((name) => name === values.database);

if (chosen.length === 0 || database === undefined) {
  console.error(`npm run story -- ${[...names, 'all'].join(' | ')} [--database ${DATABASES.join(' | ')}]`);
  process.exitCode = 2;
} else {
  let held = 0;
  for (const story of chosen) held += Number(await tell(story, database));
  if (chosen.length > 1) console.log(`${held} of ${chosen.length} stories hold.`);
  // PostgreSQL, where it was started, ends with this process.
  process.exit(held === chosen.length ? 0 : 1);
}

/** Whether all of it held. What goes on from a step that did not hold is not told. */
async function tell(story: Story, on: DatabaseName): Promise<boolean> {
  console.log(`${story.title} (examples/${story.example}, on ${on})\n`);
  const world = await openWorld(story, on);
  try {
    const runs = await story.open(world).catch((error: unknown) => {
      console.log(`✗ Before the first step\n    ${error instanceof Error ? error.message : error}\n`);
    });
    if (runs === undefined) return false;
    for (const [at, { title, holds }] of story.steps.entries()) {
      const lines = holds.length === 0 ? 'in none of the guides' : holds.join(' ');
      try {
        const seen = await runs[at]?.();
        console.log(`✓ ${title}\n    ${seen}\n    ${lines}`);
      } catch (error) {
        console.log(`✗ ${title}\n    ${error instanceof Error ? error.message : error}\n    ${lines}\n`);
        return false;
      }
    }
    console.log(`\n✓ All ${story.steps.length} steps hold.\n`);
    return true;
  } finally {
    await world.close();
  }
}
