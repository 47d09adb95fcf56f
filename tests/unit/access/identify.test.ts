import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  createCredential,
  createIdentify,
  createOrganization,
  type Identifier,
  revokeCredential,
} from '../../../src/access/index.ts';
import { mintToken } from '../../../src/access/token.ts';
import { TooMuchWaiting } from '../../../src/directory/index.ts';
import { openStore, type Store } from '../../../src/store/index.ts';

const APPLICATIONS = ['app', 'board'];

let folder: string;
let store: Store;
/** Another process on the same database. */
let other: Store;
let lookups: number;
let uptime: number;
let now: number;
let identify: Identifier['identify'];
let settled: Identifier['settled'];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'joinery-access-'));
  const url = `sqlite:${join(folder, 'joinery.db')}`;
  store = await openStore({ url });
  other = await openStore({ url });
  await createOrganization({ name: 'Acme', slug: 'acme' }, { store, applications: APPLICATIONS });
  lookups = 0;
  uptime = 0;
  now = Date.now();
  ({ identify, settled } = createIdentify({
    store: {
      ...store,
      credentialByHash: (hash) => {
        lookups += 1;
        return store.credentialByHash(hash);
      },
    },
    now: () => now,
    uptime: () => uptime,
    onTouchFailed: (cause) => {
      throw cause;
    },
  }));
});

afterEach(async () => {
  await settled();
  await other.close();
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

async function mint(
  through: Store,
  wanted: { application?: string; scope?: 'provision' | 'read'; expires?: string } = {},
): Promise<{ token: string; id: string }> {
  const made = await createCredential(
    {
      organization: 'acme',
      name: 'test',
      application: wanted.application ?? 'app',
      scope: wanted.scope ?? 'provision',
      expires: wanted.expires,
    },
    { store: through, applications: new Map(APPLICATIONS.map((name) => [name, {}])) },
  );
  if (made.kind === 'refused') throw new Error(made.detail);
  return { token: made.token, id: made.credential.id };
}

describe('T-DOS-07 a flood of tokens that nobody knows', () => {
  test('has an end, two are looked up at once, and who is known waits for none of them', async () => {
    const { token } = await mint(store);
    expect((await identify(token)).kind).toBe('identified');
    let goOn: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    let atOnce = 0;
    const slow = createIdentify({
      store: {
        ...store,
        credentialByHash: async (hash) => {
          const found = await store.credentialByHash(hash);
          if (found !== undefined) return found;
          atOnce += 1;
          await held;
          return undefined;
        },
      },
      now: () => now,
      uptime: () => uptime,
      onTouchFailed: () => undefined,
    });
    expect((await slow.identify(token)).kind).toBe('identified');
    const flood = Array.from({ length: 10_200 }, () => slow.identify(mintToken()));
    await expect(slow.identify(mintToken())).rejects.toBeInstanceOf(TooMuchWaiting);
    // What is remembered grows old, and is looked up again.
    uptime += 10_000;
    expect((await slow.identify(token)).kind).toBe('identified');
    expect(atOnce).toBe(200);
    goOn();
    expect(new Set((await Promise.all(flood)).map(({ kind }) => kind))).toEqual(new Set(['unknown']));
    await slow.settled();
  });
});

describe('a token', () => {
  test('opens the directory of its organization in its application, with its scope', async () => {
    const { token, id } = await mint(store, { application: 'board', scope: 'read' });
    const organization = await store.organizationBySlug('acme');
    const directory = await store.directory(organization?.id ?? '', 'board');
    expect(await identify(token)).toEqual({
      kind: 'identified',
      credential: { id, name: 'test', scope: 'read' },
      directory: directory?.id,
      application: 'board',
      organization: { id: organization?.id, slug: 'acme' },
    });
  });

  test('that differs in one character opens nothing', async () => {
    const { token } = await mint(store);
    for (const [index, letter] of [...token].entries()) {
      const changed = `${token.slice(0, index)}${letter === 'x' ? 'y' : 'x'}${token.slice(index + 1)}`;
      expect(await identify(changed)).toEqual({ kind: 'unknown' });
    }
  });

  test.each([
    '',
    'null',
    'undefined',
    'jn-',
    `jn-${'a'.repeat(42)}`,
    `jn-${'a'.repeat(44)}`,
    `xx-${'a'.repeat(43)}`,
    'a'.repeat(10_000),
  ])('that cannot be one (%#) is not looked up', async (text) => {
    expect(await identify(text)).toEqual({ kind: 'unknown' });
    expect(lookups).toBe(0);
  });

  test('that is known is looked up once in five seconds', async () => {
    const { token } = await mint(store);
    for (uptime = 0; uptime <= 5_000; uptime += 100) await identify(token);
    expect(lookups).toBe(1);
    await identify(token);
    expect(lookups).toBe(2);
  });

  test('that is unknown is looked up each time, so that one made a moment ago works at once', async () => {
    const unknown = `jn-${'a'.repeat(43)}`;
    await identify(unknown);
    await identify(unknown);
    expect(lookups).toBe(2);
    const { token } = await mint(other);
    expect((await identify(token)).kind).toBe('identified');
  });

  test.each([
    ['this process', () => store],
    ['another process', () => other],
  ])('revoked by %s stops at once', async (_, through) => {
    const { token, id } = await mint(store);
    expect((await identify(token)).kind).toBe('identified');
    expect((await revokeCredential(id, through())).kind).toBe('revoked');
    expect(await identify(token)).toMatchObject({ kind: 'revoked', whose: { directory: expect.any(String) } });
  });

  test('revoked stops within five seconds when the store cannot tell of changes', async () => {
    const { token, id } = await mint(store);
    const { identify: blind, settled: done } = createIdentify({
      store: { ...store, credentialEpoch: () => undefined },
      now: Date.now,
      uptime: () => uptime,
      onTouchFailed: () => {},
    });
    await blind(token);
    await revokeCredential(id, other);
    expect((await blind(token)).kind).toBe('identified');
    uptime += 5_001;
    expect(await blind(token)).toMatchObject({ kind: 'revoked' });
    await done();
  });

  test('expires at its moment, also while it is remembered', async () => {
    const { token } = await mint(store, { expires: new Date(now + 60_000).toISOString() });
    now += 59_999;
    expect((await identify(token)).kind).toBe('identified');
    now += 1;
    expect(await identify(token)).toMatchObject({ kind: 'expired' });
    expect(lookups).toBe(1);
  });

  test('is stored as a hash of all of it, and appears nowhere else', async () => {
    const { token } = await mint(store);
    const organization = await store.organizationBySlug('acme');
    const [stored] = await store.credentials(organization?.id ?? '');
    expect(stored?.hash).toHaveLength(43);
    expect(JSON.stringify(stored)).not.toContain(token.slice(3, 20));
  });
});

describe('the last use of a token', () => {
  const lastUsed = async (): Promise<string | undefined> => {
    await settled();
    const organization = await store.organizationBySlug('acme');
    return (await store.credentials(organization?.id ?? ''))[0]?.lastUsed;
  };
  test('is noted, once a minute', async () => {
    const { token } = await mint(store);
    await identify(token);
    const first = new Date(now).toISOString();
    expect(await lastUsed()).toBe(first);
    now += 59_999;
    uptime += 59_999;
    await identify(token);
    expect(await lastUsed()).toBe(first);
    now += 1;
    uptime += 1;
    await identify(token);
    expect(await lastUsed()).toBe(new Date(now).toISOString());
  });

  test('that cannot be noted fails no request, and is told', async () => {
    const { token } = await mint(store);
    const told = Promise.withResolvers<unknown>();
    const { identify: failing } = createIdentify({
      store: { ...store, touchCredential: () => Promise.reject(new Error('busy')) },
      now: Date.now,
      uptime: () => uptime,
      onTouchFailed: told.resolve,
    });
    expect((await failing(token)).kind).toBe('identified');
    expect(await told.promise).toMatchObject({ message: 'busy' });
  });
});
