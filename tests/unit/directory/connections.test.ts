import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  type ConnectionFailures,
  createConnectionFailures,
  type JournalEntry,
  StoreUnavailable,
} from '../../../src/directory/index.ts';
import { openTemporary, type Temporary } from '../../stores/temporary.ts';
import { DIRECTORY, OTHER } from '../store/fixture.ts';

const HOUR = 3_600_000;

describe('what fails of a connection', () => {
  let temporary: Temporary;
  let failures: ConnectionFailures;
  let writes: number;
  let looks: number;
  let later: number;
  /** How many writes more the database cannot take. */
  let down: number;

  beforeEach(async () => {
    temporary = await openTemporary('sqlite');
    [writes, looks, later, down] = [0, 0, 0, 0];
    failures = create();
  });
  afterEach(async () => {
    await failures.close();
    await temporary.end();
  });

  /** With the store that it has, whose visits are counted. */
  function create(): ConnectionFailures {
    const { store } = temporary;
    return createConnectionFailures({
      store: {
        write: (directory, work, options) => {
          writes += 1;
          if (down > 0) {
            down -= 1;
            throw new StoreUnavailable('down');
          }
          return store.write(directory, work, options);
        },
        failurePage: (directory, asked) => {
          looks += 1;
          return store.failurePage(directory, asked);
        },
      },
      uptime: () => performance.now() + later,
      onFailed: (cause) => {
        if (!(cause instanceof StoreUnavailable)) throw cause;
      },
      soonMilliseconds: 5,
      againMilliseconds: 50,
    });
  }

  test('a directory that nothing fails of is looked at once, and never written', async () => {
    for (let index = 0; index < 2_000; index += 1) failures.note(call({}));
    await pause(60);
    for (let index = 0; index < 2_000; index += 1)
      failures.note(call({ method: 'POST', status: 409, outcome: 'name-taken' }));
    await pause(60);
    expect([looks, writes]).toEqual([1, 0]);
  });

  test('T-DOS-06 however many calls fail, they are a write each now and then, with their number', async () => {
    for (let round = 0; round < 5; round += 1) {
      for (let index = 0; index < 2_000; index += 1) failures.note(call(REVOKED));
      await pause(10);
    }
    await failures.close();
    expect(await temporary.store.failures(DIRECTORY)).toMatchObject([{ reason: 'key-revoked', times: 10_000 }]);
    expect(writes).toBeLessThan(10);
  });

  test('each of several credentials, and directories, has its own', async () => {
    failures.note(call(REVOKED));
    failures.note(call({ ...REVOKED, credential: 'c2', credentialName: 'Second' }));
    failures.note(call({ ...REVOKED, directory: OTHER }));
    failures.note(call({ status: 500, outcome: '500' }));
    await failures.close();
    const [own, other] = [await temporary.store.failures(DIRECTORY), await temporary.store.failures(OTHER)];
    expect(own.map(({ subject }) => subject).sort()).toEqual(['error:c1', 'key-revoked:c1', 'key-revoked:c2']);
    expect(other).toHaveLength(1);
  });

  test('a token that was refused is forgotten once it is not presented any more, and another one works', async () => {
    failures.note(call(REVOKED));
    await pause(30);
    failures.note(call({ credential: 'new' }));
    await pause(80);
    expect(await temporary.store.failures(DIRECTORY)).toHaveLength(1);
    later = HOUR + 1;
    failures.note(call({ credential: 'new' }));
    await failures.close();
    expect(await temporary.store.failures(DIRECTORY)).toEqual([]);
  });

  test('what failed of a token that another one has replaced is forgotten after a day', async () => {
    failures.note(call({ method: 'POST', status: 500, outcome: '500' }));
    failures.note(call({ status: 403, outcome: 'plan' }));
    await pause(60);
    later = HOUR + 1;
    failures.note(call({ credential: 'new', method: 'PUT' }));
    await pause(80);
    expect((await temporary.store.failures(DIRECTORY)).map(({ subject }) => subject)).toEqual(['error:c1']);
    later = 24 * HOUR + 1;
    failures.note(call({ credential: 'new' }));
    await pause(80);
    expect(await temporary.store.failures(DIRECTORY)).toHaveLength(1);
    failures.note(call({ credential: 'new', method: 'PUT' }));
    await failures.close();
    expect(await temporary.store.failures(DIRECTORY)).toEqual([]);
  });

  test('what the database could not take, while that was why calls failed, is written when it can', async () => {
    down = 3;
    failures.note(call({ method: 'POST', status: 503, outcome: '503' }));
    await pause(60);
    failures.note(call({ method: 'POST', status: 503, outcome: '503' }));
    await pause(400);
    expect(down).toBe(0);
    expect(await temporary.store.failures(DIRECTORY)).toMatchObject([{ reason: 'unavailable', times: 2 }]);
    await failures.close();
  });

  test('plan and SSO: until the same credential is let in', async () => {
    failures.note(call({ status: 403, outcome: 'plan' }));
    failures.note(call({ status: 403, outcome: 'sso' }));
    await pause(60);
    failures.note(call({ credential: 'other' }));
    await pause(80);
    expect(await temporary.store.failures(DIRECTORY)).toHaveLength(2);
    failures.note(call({}));
    await failures.close();
    expect(await temporary.store.failures(DIRECTORY)).toEqual([]);
  });

  test('what another process noted is ended here', async () => {
    failures.note(call({ method: 'PUT', status: 500, outcome: '500' }));
    await failures.close();
    failures = create();
    failures.note(call({}));
    await pause(40);
    failures.note(call({ method: 'PATCH', status: 204 }));
    await failures.close();
    expect(await temporary.store.failures(DIRECTORY)).toEqual([]);
  });
});

const REVOKED = { status: 401, outcome: 'key-revoked' };

function call(differs: Partial<JournalEntry>): JournalEntry {
  return {
    directory: DIRECTORY,
    requestId: 'r1',
    at: Date.parse('2026-11-22T10:00:00.000Z'),
    method: 'GET',
    path: '/scim/v2/Users',
    status: 200,
    ms: 1,
    outcome: 'listed',
    credential: 'c1',
    credentialName: 'Okta',
    rewrites: [],
    ignored: [],
    isAborted: false,
    sent: undefined,
    answered: undefined,
    ...differs,
  };
}
