import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Filter, GROUP, readPatch, type Target, TOLERANT } from '../../../src/scim/index.ts';
import { type Connection, openConnection } from '../../../src/store/sqlite/connection.ts';
import { membersMatching } from '../../../src/store/sqlite/members-matching.ts';
import { DIRECTORY, edited, group, type Made, openTemporary, put, set, type Temporary, user } from './fixture.ts';

const BASE = 'https://joinery.example.com/scim/v2';
const PATCH_OP = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

let temporary: Temporary;
let connection: Connection;
const tour = group('Tour');
beforeEach(async () => {
  temporary = await openTemporary();
  connection = openConnection(temporary.file, { readOnly: true });
  await put(temporary.store, DIRECTORY, tour);
});
afterEach(async () => {
  connection.close();
  await temporary.end();
});

/** What stands in the brackets, as a PATCH reads it. */
function inside(text: string): Filter<Target> {
  const body = { schemas: [PATCH_OP], Operations: [{ op: 'remove', path: `members[${text}]` }] };
  const path = readPatch(GROUP, body, TOLERANT)[0]?.path;
  if (path?.kind !== 'elements') throw new Error(`${text} chooses no elements`);
  return path.filter;
}

async function join(...members: readonly Made[]): Promise<void> {
  await put(temporary.store, DIRECTORY, ...members);
  await temporary.store.write(DIRECTORY, (transaction) =>
    transaction.commit(set(edited(tour.record, { added: members.map(({ id }) => id) }))),
  );
}

let turns = 0;
const matching = (filters: readonly string[], named: readonly string[] = []): ReturnType<typeof membersMatching> => {
  turns = 0;
  const turn = async () => {
    turns += 1;
  };
  return membersMatching(
    { connection, directory: DIRECTORY, turn },
    { group: tour.id, named, filters: filters.map(inside), base: BASE },
  );
};

describe('T-DOS-03 what filters may ask of members', () => {
  const terms = (count: number, text = 'q') =>
    Array.from({ length: count }, (_, index) => `display co "${text}${index}"`).join(' or ');

  test('others have their turn after some thousands of comparisons, however few the members are', async () => {
    await join(...Array.from({ length: 100 }, (_, index) => user(`u${index}`)));
    await matching(['display co "q"']);
    expect(turns).toBe(1);
    // 100 members, 20 filters, 200 terms.
    await matching(Array.from({ length: 20 }, () => terms(200)));
    expect(turns).toBeGreaterThan(400_000 / 20_000);
  });

  test('others have their turn after each thousand members, however little is asked of them', async () => {
    const members = Array.from({ length: 3500 }, (_, index) => user(`u${index}`));
    await join(...members);
    await matching(['display co "q"']);
    expect(turns).toBe(4);
    await matching(
      ['display co "q"'],
      members.map(({ id }) => id),
    );
    expect(turns).toBe(8);
  });

  test('too much for the members that there are is refused before any is looked at', async () => {
    await join(...Array.from({ length: 500 }, (_, index) => user(`u${index}`)));
    const refused = await matching(Array.from({ length: 51 }, () => terms(200))).catch((error) => error);
    expect(refused).toMatchObject({ status: 413 });
    expect(turns).toBe(0);
  });
});
