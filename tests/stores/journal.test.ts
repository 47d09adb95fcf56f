import { rmSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { JournalEntry, JournalRow } from '../../src/directory/index.ts';
import { openStore, type Store } from '../../src/store/index.ts';
import { DATABASES, openDatabase, type TestDatabase } from '../harness/index.ts';
import { DIRECTORY, OTHER } from '../unit/store/fixture.ts';

const DAY = 86_400_000;

describe.each(DATABASES)('the journal on %s', (name) => {
  let database: TestDatabase;
  let stores: Store[];

  beforeEach(async () => {
    database = await openDatabase(name);
    stores = [];
  });
  afterEach(async () => {
    for (const store of stores) await store.close();
    await database.remove();
  });

  async function open(journal?: { days: number; bytes: number }): Promise<Store> {
    const { DATABASE_URL: url, DATABASE_OWNER_URL: ownerUrl } = database.env;
    const store = await openStore({ url, ownerUrl, journal });
    stores.push(store);
    return store;
  }

  /** What has been noted is written when a store closes. */
  async function note(entries: readonly JournalEntry[], journal?: { days: number; bytes: number }): Promise<void> {
    const store = await open(journal);
    await makeDirectories(store);
    for (const entry of entries) store.journal.note(entry);
    await store.close();
  }

  test('gives back what was noted, as it was, latest first', async () => {
    const whole = entry(1, {
      status: 409,
      outcome: 'name-taken',
      rewrites: ['operation-case', 'bare-path'],
      ignored: ['title', 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'],
      sent: '{"userName":"Ünï 🙂 \u202eabc","n":"\\n"}',
      answered: '{"detail":"…"}',
      ms: 4.25,
    });
    await note([entry(0), whole, entry(2, { isAborted: true, credential: undefined })]);
    const store = await open();
    const calls = await store.journal.calls(DIRECTORY, { limit: 10 });
    expect(calls.map(({ requestId }) => requestId)).toEqual(['r2', 'r1', 'r0']);
    const { seq, ...read } = calls[1] as JournalRow;
    expect(read).toEqual({ ...whole, at: at(1) });
    expect(seq).toBeGreaterThan(0);
    expect(calls[0]).toMatchObject({ isAborted: true, credential: undefined, sent: undefined });
  });

  test('what comes fast is swept before the next look', async () => {
    const store = await open({ days: 30, bytes: 40_000 });
    await makeDirectories(store);
    // The first look, after which the next is minutes away.
    store.journal.note(entry(0));
    await expect.poll(async () => (await store.journal.calls(DIRECTORY, { limit: 10 })).length).toBe(1);
    for (let number = 1; number <= 100; number += 1) store.journal.note(entry(number, { sent: 'x'.repeat(1_000) }));
    await expect
      .poll(async () => {
        const calls = await store.journal.calls(DIRECTORY, { limit: 1_000 });
        return { latest: calls[0]?.requestId, some: calls.length < 60 };
      })
      .toEqual({ latest: 'r100', some: true });
  });

  test('is found by request, by time, by failure, and in pages', async () => {
    const entries = Array.from({ length: 25 }, (_, index) =>
      entry(index, index % 5 === 0 ? { status: 400, outcome: 'invalidValue' } : {}),
    );
    // Two of the same moment are told apart.
    await note([
      ...entries,
      entry(24, { requestId: 'r24b' }),
      entry(7, { requestId: 'r7b', outcome: 'bulk, 1 of 2 refused' }),
    ]);
    const { journal } = await open();
    const ids = (rows: readonly JournalRow[]) => rows.map(({ requestId }) => requestId);
    expect(ids(await journal.calls(DIRECTORY, { requestId: 'r13', limit: 5 }))).toEqual(['r13']);
    expect(ids(await journal.calls(DIRECTORY, { requestId: 'none', limit: 5 }))).toEqual([]);
    expect(ids(await journal.calls(DIRECTORY, { since: at(23), limit: 5 }))).toEqual(['r24b', 'r24', 'r23']);
    expect(ids(await journal.calls(DIRECTORY, { failed: true, limit: 50 }))).toEqual([
      'r20',
      'r15',
      'r10',
      'r7b',
      'r5',
      'r0',
    ]);
    const walked: string[] = [];
    for (let before: JournalRow | undefined; ; ) {
      const page = await journal.calls(DIRECTORY, { before, limit: 4 });
      walked.push(...ids(page));
      before = page.at(-1);
      if (page.length < 4) break;
    }
    expect(walked).toHaveLength(27);
    expect(new Set(walked).size).toBe(27);
  });

  test('T-TEN-08 shows a directory its own calls alone', async () => {
    await note([entry(1), entry(2, { directory: OTHER, requestId: 'theirs' })]);
    const { journal } = await open();
    expect((await journal.calls(DIRECTORY, { limit: 9 })).map(({ requestId }) => requestId)).toEqual(['r1']);
    expect(await journal.calls(DIRECTORY, { requestId: 'theirs', limit: 9 })).toEqual([]);
    expect((await journal.calls(OTHER, { limit: 9 })).map(({ requestId }) => requestId)).toEqual(['theirs']);
  });

  test('loses what is older than its days, and keeps the rest', async () => {
    const old = Array.from({ length: 2_500 }, (_, index) =>
      entry(index, { requestId: `old${index}`, at: Date.now() - 31 * DAY + index }),
    );
    const young = Array.from({ length: 10 }, (_, index) => entry(index, { at: Date.now() - 29 * DAY + index }));
    await note([...old, ...young]);
    await swept({ days: 30, bytes: 2 ** 30 });
    const { journal } = await open();
    const left = await journal.calls(DIRECTORY, { limit: 5_000 });
    expect(left.map(({ requestId }) => requestId)).toEqual([
      'now',
      ...young.map(({ requestId }) => requestId).toReversed(),
    ]);
  });

  test('T-DOS-06 keeps no more than it may: who has written most loses the oldest first', async () => {
    const body = 'x'.repeat(10_000);
    const much = Array.from({ length: 300 }, (_, index) => entry(index, { sent: body }));
    const little = Array.from({ length: 20 }, (_, index) => entry(index, { directory: OTHER, sent: body }));
    await note([...much, ...little]);
    await swept({ days: 30, bytes: 1_000_000 });
    const { journal } = await open();
    expect(await journal.calls(OTHER, { limit: 500 })).toHaveLength(20);
    const left = await journal.calls(DIRECTORY, { limit: 500 });
    expect(left.length).toBeGreaterThan(60);
    expect(left.length).toBeLessThan(82);
    // The latest, without a hole.
    const numbers = left.slice(1).map(({ requestId }) => Number(requestId.slice(1)));
    expect(numbers).toEqual(Array.from({ length: numbers.length }, (_, index) => 299 - index));
    if (database.file === undefined) return;
    // What was deleted is given back to the disk.
    const file = new DatabaseSync(journalFile(database.file));
    file.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    file.close();
    expect(statSync(journalFile(database.file)).size).toBeLessThan(2_000_000);
  });

  test('of 0 days there is none', async () => {
    await note([entry(1)], { days: 0, bytes: 2 ** 30 });
    const { journal } = await open();
    expect(await journal.calls(DIRECTORY, { limit: 5 })).toEqual([]);
  });

  /** A store that opens sweeps with its first batch. */
  async function swept(kept: { days: number; bytes: number }): Promise<void> {
    const store = await open(kept);
    store.journal.note(entry(0, { requestId: 'now', at: Date.now() }));
    for (let left = Number.POSITIVE_INFINITY, before = 0; left !== before || left > 500; ) {
      await pause(400);
      before = left;
      left = (await store.journal.calls(DIRECTORY, { limit: 5_000 })).length;
    }
    await store.close();
  }
});

describe('the file of the journal', () => {
  test('is its user’s alone', async () => {
    const database = await openDatabase('sqlite');
    const store = await openStore({ url: database.env.DATABASE_URL });
    store.journal.note(entry(1));
    await store.close();
    expect(statSync(journalFile(database.file ?? '')).mode & 0o777).toBe(0o600);
    await database.remove();
  });
});

describe('the file of the journal, gone while it is written', () => {
  test('is made anew, and says what came since', async () => {
    const database = await openDatabase('sqlite');
    const file = journalFile(database.file ?? '');
    const store = await openStore({ url: database.env.DATABASE_URL });
    const written = async (id: string): Promise<void> => {
      while ((await store.journal.calls(DIRECTORY, { requestId: id, limit: 1 })).length === 0) await pause(50);
    };
    store.journal.note(entry(1));
    await written('r1');
    // As an operator does who wants the room: the files beside it may go, or stay.
    rmSync(file);
    store.journal.note(entry(2));
    await written('r2');
    for (const beside of ['', '-wal', '-shm']) rmSync(`${file}${beside}`);
    store.journal.note(entry(3));
    await written('r3');
    await store.close();
    expect(statSync(file).mode & 0o777).toBe(0o600);
    await database.remove();
  });
});

function journalFile(file: string): string {
  return file.replace(/\.db$/, '.journal.db');
}

function at(second: number): string {
  return new Date(Date.parse('2026-11-21T10:00:00.000Z') + second * 1000).toISOString();
}

function entry(number: number, differs: Partial<JournalEntry> = {}): JournalEntry {
  return {
    directory: DIRECTORY,
    requestId: `r${number}`,
    at: Date.parse(at(number)),
    method: 'POST',
    path: '/scim/v2/Users',
    status: 201,
    ms: 1,
    outcome: 'created',
    credential: 'c1',
    rewrites: [],
    ignored: [],
    isAborted: false,
    sent: undefined,
    answered: undefined,
    ...differs,
  };
}

async function makeDirectories(store: Store): Promise<void> {
  if ((await store.directoryById(DIRECTORY)) !== undefined) return;
  const created = at(0);
  const organization = { id: '00000000-0000-4000-8000-0000000000aa', slug: 'acme', name: 'Acme', created };
  const row = (id: string, application: string) => ({ id, organization: organization.id, application, created });
  await store.createOrganization(organization, [row(DIRECTORY, 'app'), row(OTHER, 'other')]);
}
