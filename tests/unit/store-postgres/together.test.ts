import { expect, test } from 'vitest';
import { type Actor, createPerform, type DirectoryStore } from '../../../src/directory/index.ts';
import { USER } from '../../../src/scim/index.ts';
import { TOLERANT_DIRECTORY } from '../directory/facts.ts';
import { DIRECTORY, newId, user } from '../store/fixture.ts';
import { openWrites } from './writes.ts';

const actor: Actor = {
  directory: { ...TOLERANT_DIRECTORY, id: DIRECTORY },
  by: { kind: 'credential', id: 'c1', name: 'Okta production' },
  requestId: 'r1',
};

test('the note of what was refused together is written again when its connection was cut', async () => {
  const writes = await openWrites(2);
  try {
    await writes.put(user('taken@example.com'));
    let visits = 0;
    const [store] = writes.stores;
    const cutOnce: DirectoryStore = {
      ...store,
      write: (directory, work, options) => {
        visits += 1;
        const isNote = visits === 2;
        return store.write(
          directory,
          async (transaction) => {
            if (isNote) await writes.database.run(CUT);
            return work(transaction);
          },
          options,
        );
      },
    };
    const perform = createPerform({ store: cutOnce, clock: () => new Date(), newId });
    const outcomes = await perform(actor, {
      kind: 'together',
      steps: [
        () => ({
          kind: 'create' as const,
          type: USER,
          draft: { attributes: { userName: 'taken@example.com' }, cleared: [] },
          view: {},
        }),
      ],
    });

    expect(outcomes).toMatchObject([{ kind: 'refused' }]);
    expect(visits).toBe(3);
    expect(await writes.database.rows('SELECT operation, times FROM failures')).toEqual([
      { operation: 'create', times: 1 },
    ]);
  } finally {
    await writes.end();
  }
});

const CUT = `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
  WHERE datname = current_database() AND application_name = 'joinery'`;
