import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { USER } from '../../../src/scim/index.ts';
import { openStore } from '../../../src/store/index.ts';
import { AT, CONTEXT, DIRECTORY, of, openTemporary, put, type Temporary, user } from './fixture.ts';

let temporary: Temporary;
beforeEach(async () => {
  temporary = await openTemporary();
});
afterEach(() => temporary.end());

const ORGANIZATION = { id: 'o1', slug: 'acme', name: 'Acme', created: AT };
const ROW = { id: DIRECTORY, organization: 'o1', application: 'app', created: AT };

test('a command writes while the server does: nobody is told that the database is locked', async () => {
  const { store, url } = temporary;
  await store.createOrganization(ORGANIZATION, [ROW]);
  const epoch = store.credentialEpoch();
  const commands = [1, 2].map(() => run('insert-credentials.ts', url, DIRECTORY, 'o1', '60'));
  const ended = Promise.all(commands.map(async (child) => (await once(child, 'exit'))[0]));
  let running = true;
  void ended.then(() => {
    running = false;
  });
  let created = 0;
  while (running) {
    const users = Array.from({ length: 32 }, (_, index) => user(`u${created + index}`));
    await Promise.all(users.map((one) => put(store, DIRECTORY, one)));
    created += users.length;
  }
  expect(await ended).toEqual([0, 0]);
  expect(await store.credentials('o1')).toHaveLength(120);
  expect((await store.reader(DIRECTORY).page(of(USER), { startIndex: 1, count: 0 }, CONTEXT)).total).toBe(created);
  expect(store.credentialEpoch()).not.toBe(epoch);
});

test('what was acknowledged survives kill -9, and nothing is there by half', async () => {
  const { url } = temporary;
  for (const life of [60, 150, 300]) {
    const child = run('create-users.ts', url);
    let said = '';
    child.stdout?.on('data', (data) => {
      said += String(data);
    });
    await once(child.stdout as NodeJS.ReadableStream, 'data');
    await sleep(life);
    child.kill('SIGKILL');
    await once(child, 'close');
    const store = await openStore({ url });
    const names = said.split('\n').slice(0, -1);
    expect(names.length).toBeGreaterThan(0);
    for (const name of names) {
      const found = await store.write(DIRECTORY, (transaction) => transaction.byName('User', name));
      expect(found?.text).toContain(name);
    }
    const { total = 0 } = await store.reader(DIRECTORY).page(of(USER), { startIndex: 1, count: 0 }, CONTEXT);
    const history = await store.changesAfter(DIRECTORY, 0, total + 10);
    expect(history.map(({ seq }) => seq)).toEqual(Array.from({ length: total }, (_, index) => index + 1));
    await store.close();
  }
});

function run(script: string, ...args: readonly string[]): ChildProcess {
  const file = fileURLToPath(new URL(`./processes/${script}`, import.meta.url));
  return spawn(process.execPath, [file, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
}
