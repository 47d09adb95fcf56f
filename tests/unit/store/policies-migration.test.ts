import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Migrator } from 'kysely/migration';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openStore } from '../../../src/store/index.ts';
import { openConnection } from '../../../src/store/sqlite/connection.ts';
import { openKysely } from '../../../src/store/sqlite/kysely.ts';
import { MIGRATIONS } from '../../../src/store/sqlite/migrations/index.ts';
import { AT, DIRECTORY, OTHER } from './fixture.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'joinery-store-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a file of the version before has its inactive users counted, all of them owned, and nobody’s rules altered', async () => {
  const file = join(folder, 'joinery.db');
  await before(file);
  const store = await openStore({ url: `sqlite:${file}` });
  expect(await store.userCounts(DIRECTORY)).toEqual({ total: 5, active: 3 });
  expect(await store.userCounts(OTHER)).toEqual({ total: 1, active: 1 });
  expect(await store.reader(DIRECTORY).record('User', 'u1')).toStrictEqual({
    type: 'User',
    id: 'u1',
    version: 1,
    created: AT,
    modified: AT,
    active: false,
    memberCount: 0,
    text: '{}',
    groups: [],
  });
  expect(await store.organizationBySlug('acme')).toStrictEqual({ id: 'o1', slug: 'acme', name: 'Acme', created: AT });
  expect((await store.directoryById(DIRECTORY))?.directory).not.toHaveProperty('policy');
  await store.close();
});

/** As it was written before there were rules. */
async function before(file: string): Promise<void> {
  const connection = openConnection(file, { readOnly: false });
  const older = Object.entries(MIGRATIONS).filter(([name]) => name < '2026-11-24');
  const loaded = await Promise.all(older.map(async ([name, load]) => [name, await load()] as const));
  const provider = { getMigrations: async () => Object.fromEntries(loaded) };
  const { error } = await new Migrator({ db: await openKysely(connection.database), provider }).migrateToLatest();
  expect(error).toBeUndefined();
  connection.statement('INSERT INTO organizations VALUES (?, ?, ?, ?)').run('o1', 'acme', 'Acme', AT);
  for (const [id, application, users] of [
    [DIRECTORY, 'app', 5],
    [OTHER, 'board', 1],
  ] as const) {
    connection.statement('INSERT INTO directories VALUES (?, ?, ?, ?)').run(id, 'o1', application, AT);
    connection.statement("INSERT INTO totals VALUES (?, 'User', ?, ?)").run(id, users, users);
    for (let index = 0; index < users; index += 1) {
      connection
        .statement(
          `INSERT INTO resources (directory, type, id, seq, version, created, modified, active, member_count, name_key,
            twin, label, text, shape) VALUES (?, 'User', ?, ?, 1, ?, ?, ?, 0, ?, '', 'x', '{}', '{}')`,
        )
        .run(id, `u${index}`, index + 1, AT, AT, index % 2 === 1 ? 0 : 1, `u${index}`);
    }
  }
  connection.close();
}
