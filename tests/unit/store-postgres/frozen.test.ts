import { afterEach, beforeEach, expect, test } from 'vitest';
import { CommitUnheard } from '../../../src/directory/index.ts';
import { openPool, type Pool } from '../../../src/store/postgres/pool.ts';
import { REQUEST_SCHEMAS } from '../../../src/store/postgres/prepare.ts';
import { openDatabase, type TestDatabase } from '../../harness/index.ts';
import { DIRECTORY } from '../store/fixture.ts';
import { openWay, type Way } from './frozen.ts';

let database: TestDatabase;
let way: Way;
let pool: Pool;
beforeEach(async () => {
  database = await openDatabase('postgres');
  way = await openWay(database.env.DATABASE_URL);
  const times = { statementMilliseconds: 100, connectMilliseconds: 500 };
  pool = openPool({ url: way.url, size: 1, schemas: REQUEST_SCHEMAS, onLost: () => undefined, ...times });
});
afterEach(async () => {
  await pool.close();
  await way.close();
  await database.remove();
});

const read = () => pool.use(DIRECTORY, (session) => session.rows('SELECT 1'));
const write = () => pool.transaction(DIRECTORY, (session) => session.rows('SELECT 1'));

test.each([
  ['read', read],
  ['write', write],
])(
  'a %s on a connection that carries nothing any more comes to an end, and the next one has another',
  async (_, ask) => {
    expect(await ask()).toEqual([[1]]);
    way.freeze();
    await expect(ask()).rejects.toThrow(/the database cannot be reached|the connection was lost/);
    way.thaw();
    expect(await ask()).toEqual([[1]]);
  },
);

test('of a commit whose answer does not come nobody says that nothing was changed', async () => {
  const unheard = pool.transaction(DIRECTORY, async (session) => {
    await session.rows('SELECT 1');
    way.freeze();
  });
  await expect(unheard).rejects.toBeInstanceOf(CommitUnheard);
  way.thaw();
  expect(await write()).toEqual([[1]]);
});
