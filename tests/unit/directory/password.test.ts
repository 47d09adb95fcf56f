import { setTimeout as pause } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decide } from '../../../src/directory/decide/index.ts';
import { createTurns } from '../../../src/directory/in-turn.ts';
import { StoreUnavailable } from '../../../src/directory/index.ts';
import { hashPassword, matchesHash } from '../../../src/directory/password/hash.ts';
import { preparePassword, unfitPassword } from '../../../src/directory/password/prepare.ts';
import { propose } from '../../../src/directory/propose.ts';
import { passwordIn, readResource, TOLERANT } from '../../../src/scim/index.ts';
import { patch, USER } from './decided.ts';
import { actorIn, directoryWith, factsWith, NOW, storedUser } from './facts.ts';

describe('a hash', () => {
  test('is in the PHC string format, salted, and of this password alone', async () => {
    const [one, two] = await Promise.all([hashPassword('Tr0ub4dor&3'), hashPassword('Tr0ub4dor&3')]);
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    expect(two).not.toBe(one);
    expect(await matchesHash('Tr0ub4dor&3', one)).toBe(true);
    expect(await matchesHash('Tr0ub4dor&3', two)).toBe(true);
    expect(await matchesHash('tr0ub4dor&3', one)).toBe(false);
    expect(await matchesHash('', one)).toBe(false);
  });

  test('of other costs is read by the costs that stand in it', async () => {
    // As argon2’s reference implementation makes it of "password": argon2 somesalt -id -t 2 -m 16 -p 1.
    const theirs = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc';
    expect(await matchesHash('password', theirs)).toBe(true);
    expect(await matchesHash('Password', theirs)).toBe(false);
  });

  test.each(['', 'plain', '$2b$10$abc', '$argon2i$v=19$m=64,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8'])(
    'in a format that is not known (%j) is an error, and no password of anybody',
    async (hash) => {
      await expect(matchesHash('x', hash)).rejects.toThrow('in a format that this version does not know');
    },
  );
});

describe('preparing', () => {
  test('is the same whatever form the same text came in, and done once', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const prepared = preparePassword(text);
        expect(preparePassword(text.normalize('NFD'))).toBe(prepared);
        expect(preparePassword(prepared)).toBe(prepared);
      }),
    );
  });

  test('only length and lone halves of characters are looked at', () => {
    for (const fit of ['x', 'x'.repeat(1024), '😀'.repeat(1024), '\u0000', ' '])
      expect(unfitPassword(fit)).toBeUndefined();
    for (const unfit of ['', 'x'.repeat(1025), '😀'.repeat(1025), 'x\ud800']) {
      expect(unfitPassword(unfit)).toMatchObject({ status: 400, scimType: 'invalidValue' });
    }
  });
});

describe('turns', () => {
  test('so many at once, directories in turn, and no more waiting than there is room for', async () => {
    const inTurn = createTurns({ atOnce: 2, mostOfOneDirectory: 3, most: 4 });
    const log: string[] = [];
    let running = 0;
    let most = 0;
    const work = (name: string) => async () => {
      running += 1;
      most = Math.max(most, running);
      await pause(1);
      running -= 1;
      log.push(name);
    };
    const run = (directory: string, name: string) => inTurn(directory, work(name));
    const all = [run('a', 'a1'), run('a', 'a2'), run('a', 'a3'), run('a', 'a4'), run('a', 'a5')];
    await expect(run('a', 'a6')).rejects.toBeInstanceOf(StoreUnavailable);
    all.push(run('b', 'b1'));
    await expect(run('c', 'c1')).rejects.toBeInstanceOf(StoreUnavailable);
    await Promise.all(all);
    expect(most).toBe(2);
    expect(log.indexOf('b1')).toBeLessThan(log.indexOf('a5'));
    // What fails gives its turn back.
    await expect(inTurn('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await Promise.all([run('a', 'x'), run('a', 'y'), run('a', 'z')]);
    expect(log.slice(-3)).toEqual(['x', 'y', 'z']);
  });
});

describe('what a write says of it', () => {
  const draft = (body: object) => readResource(USER, { schemas: [USER.schema.id], userName: 'a', ...body }, TOLERANT);

  test('stands beside the attributes of a body, and is none of them', () => {
    expect(draft({ PASSWORD: 'x' })).toEqual({ attributes: { userName: 'a' }, cleared: [], password: 'x' });
    expect(draft({ password: null })).toEqual({ attributes: { userName: 'a' }, cleared: ['password'] });
    // Of an extension it is another attribute, or none.
    expect(
      draft({ 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User': { password: 'x' } }).password,
    ).toBeUndefined();
  });

  test.each([
    ['nothing', [{ op: 'replace', value: { title: 'x' } }], undefined],
    ['one', [{ op: 'replace', value: { password: 'x', active: true } }], 'x'],
    [
      'the last of several',
      [
        { op: 'add', path: 'password', value: 'x' },
        { op: 'replace', path: 'password', value: 'y' },
      ],
      'y',
    ],
    [
      'that it goes',
      [
        { op: 'add', path: 'password', value: 'x' },
        { op: 'remove', path: 'password' },
      ],
      null,
    ],
    ['that it goes, by null', [{ op: 'replace', path: 'password', value: null }], null],
    ['nothing, by adding null', [{ op: 'add', path: 'password', value: null }], undefined],
    ['nothing, by another type, which is refused later', [{ op: 'add', path: 'password', value: 5 }], undefined],
  ])('in a PATCH: %s', (_, operations, said) => {
    expect(passwordIn(patch('user-1', operations))).toBe(said);
  });
});

describe('decided', () => {
  const current = storedUser({ userName: 'bjensen', active: true });
  const verdictOf = (policy: Parameters<typeof directoryWith>[0], operation: object) => {
    const request = patch(current.id, [operation as never]);
    const actor = actorIn(directoryWith(policy));
    const proposal = propose(request, { current, id: current.id, actor });
    const facts = factsWith({ current, proposal });
    return decide(actor, { request, facts, now: NOW, newId: () => 'new-id', password: 'a hash' });
  };

  test('alone it is a change that leaves the resource, and its version, as they are', () => {
    expect(verdictOf({}, { op: 'replace', value: { password: 'x' } })).toEqual({
      kind: 'unchanged',
      at: NOW,
      record: current,
      changes: [{ kind: 'password', record: current, hash: 'a hash' }],
    });
  });

  test('with others it is one of their set', () => {
    const verdict = verdictOf({}, { op: 'replace', value: { password: 'x', title: 'Guide' } });
    expect(verdict).toMatchObject({ kind: 'changed', changes: [{ kind: 'password' }, { kind: 'updated' }] });
    expect(JSON.stringify(verdict)).not.toContain('"x"');
  });

  test('under `updates: ignore` it has no effect, and is told as ignored', () => {
    expect(verdictOf({ updates: 'ignore' }, { op: 'replace', value: { password: 'x', title: 'Guide' } })).toMatchObject(
      {
        kind: 'unchanged',
        changes: [],
        ignored: ['password', 'title'],
      },
    );
  });
});
