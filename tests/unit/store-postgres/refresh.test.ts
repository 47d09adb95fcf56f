import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createFiller, type Filler } from '../../../src/store/filler.ts';
import { fillsOf } from '../../../src/store/postgres/fill.ts';
import { openPool, type Pool } from '../../../src/store/postgres/pool.ts';
import { OWNER_SCHEMAS } from '../../../src/store/postgres/prepare.ts';
import { refreshOften } from '../../../src/store/postgres/refresh.ts';
import { openDatabase, type TestDatabase } from '../../harness/index.ts';
import { keyName, userWith } from '../store/declared.ts';

let database: TestDatabase;
let owner: Pool;
const endings: (() => Promise<void>)[] = [];
beforeEach(async () => {
  database = await openDatabase('postgres');
  const url = database.env.DATABASE_OWNER_URL ?? '';
  owner = openPool({ url, size: 3, schemas: OWNER_SCHEMAS, onLost: () => undefined });
});
afterEach(async () => {
  await Promise.all(endings.splice(0).map((end) => end()));
  await owner.close();
  await database.remove();
});

const OLD = userWith({ badge: { indexed: true } });
const NEW = userWith({ badge: { indexed: true, caseExact: true } });

async function declared(type: typeof OLD): Promise<Filler> {
  const log = () => undefined;
  const filler = createFiller({ ...fillsOf(owner), log });
  await filler.declare([{ application: 'app', types: [type] }]);
  endings.push(refreshOften(filler, log), filler.close);
  return filler;
}

const isReady = (filler: Filler): boolean => filler.ready()(keyName('badge'));

test('what another process fills in is ready here too; what it declares otherwise is ready here no more', async () => {
  const [one, two] = [await declared(OLD), await declared(OLD)];
  await vi.waitFor(() => expect([one, two].map(isReady)).toEqual([true, true]), 10_000);
  const newer = await declared(NEW);
  await vi.waitFor(() => expect([one, two, newer].map(isReady)).toEqual([false, false, true]), 10_000);
  expect(one.ready()('emails.value')).toBe(true);
});
