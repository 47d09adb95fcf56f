import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readTarget, shownPath, writeTarget } from '../../../src/http/path.ts';

describe('readTarget', () => {
  test.each([
    ['/scim/v2/Users', ['scim', 'v2', 'Users'], ''],
    ['/scim/v2/Users?count=1&x=%2F', ['scim', 'v2', 'Users'], 'count=1&x=%2F'],
    ['/scim/v2/%55sers', ['scim', 'v2', 'Users'], ''],
    ['//scim/v2//Users/', ['scim', 'v2', 'Users'], ''],
    ['/scim/v2/Users/?', ['scim', 'v2', 'Users'], ''],
    ['/scim/v2/Users?a=b?c', ['scim', 'v2', 'Users'], 'a=b?c'],
    ['/scim/v2/Users/caf%C3%A9', ['scim', 'v2', 'Users', 'café'], ''],
    ['/scim/v2/Schemas/urn:ietf:core:2.0:User', ['scim', 'v2', 'Schemas', 'urn:ietf:core:2.0:User'], ''],
    ['/scim/v2/Users/.well', ['scim', 'v2', 'Users', '.well'], ''],
    ['/scim/v2/Users/...', ['scim', 'v2', 'Users', '...'], ''],
    ['/', [], ''],
    ['http://scim.example.com/scim/v2/Users', ['scim', 'v2', 'Users'], ''],
    ['HTTPS://scim.example.com/', [], ''],
  ])('%s', (target, segments, query) => {
    expect(readTarget(target)).toMatchObject({ segments, query });
  });

  test('keeps the host of an absolute target, which goes before the Host header', () => {
    expect(readTarget('http://scim.example.com:8080/scim')?.authority).toBe('scim.example.com:8080');
    expect(readTarget('/scim')?.authority).toBeUndefined();
  });

  test.each([
    ['an encoded slash', '/scim/v2%2FUsers'],
    ['an encoded backslash', '/scim/v2/Users%5c1'],
    ['a backslash', '/scim/v2\\Users'],
    ['an encoded NUL', '/scim/v2/Users%00'],
    ['an encoded line feed', '/scim/v2/Users%0a'],
    ['a dot segment', '/scim/./v2/Users'],
    ['two dots', '/scim/v2/x/../Users'],
    ['encoded dots', '/scim/v2/x/%2e%2E/Users'],
    ['half-encoded dots', '/scim/v2/x/.%2e/Users'],
    ['a parameter', '/scim/v2;v=1/Users'],
    ['dots with a parameter', '/scim/v2/x/..;/Users'],
    ['an encoded parameter', '/scim/v2/Users%3bx'],
    ['a percent sign encoded twice', '/scim/v2/%2555sers'],
    ['an escape that is none', '/scim/v2/%zz'],
    ['an escape cut short', '/scim/v2/Users%'],
    ['bytes that are no UTF-8', '/scim/v2/%ff'],
    ['an overlong slash', '/scim/v2/%c0%afUsers'],
    ['a fragment', '/scim/v2/Users#x'],
    ['an encoded number sign', '/scim/v2/Users%23x'],
    ['the asterisk', '*'],
    ['an authority', 'example.com:80'],
    ['another scheme', 'ftp://example.com/scim'],
    ['an absolute target without a path', 'http://example.com?x'],
    ['a user in the authority', 'http://a@example.com/scim'],
    ['nothing', ''],
  ])('refuses %s', (_, target) => {
    expect(readTarget(target)).toBeUndefined();
  });

  test('what it reads, it writes in one form, which reads the same', () => {
    const text = fc.stringMatching(/^[/%.;\\\w~:é?#25sfFeE]{0,24}$/);
    fc.assert(
      fc.property(text, (rest) => {
        const read = readTarget(`/${rest}`);
        fc.pre(read !== undefined);
        const written = writeTarget(read);
        expect(readTarget(written)).toEqual({ ...read, authority: undefined });
        // A reader that decodes nothing, or resolves dots, comes to the same segments.
        expect(new URL(written, 'http://x').pathname.split('/').slice(1).map(decodeURIComponent)).toEqual(
          read.segments.length === 0 ? [''] : read.segments,
        );
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('shownPath', () => {
  const id = '4f7d8e0a-2c1b-4a5d-9e3f-6b7c8d9e0f1a';
  const token = 'kJ8s_f-2LqXo0aZpV7nYt3RbWcE5uHdGmTiN1vQxS4y';

  test.each([
    [['scim', 'v2', 'Users', id], 2, `/scim/v2/Users/${id}`],
    [['tenant_1', 'v2', 'groups', id.toUpperCase()], 2, `/tenant_1/v2/groups/${id.toUpperCase()}`],
    [['scim', 'v2', 'Users', token], 2, '/scim/v2/Users/…'],
    [['scim', 'v2', 'Users', `jn-${token}`], 2, '/scim/v2/Users/[token]'],
    [['scim', 'v2', 'Users', `jn-${token.slice(1)}`], 2, '/scim/v2/Users/[token]'],
    [['scim', 'v2', token], 2, '/scim/v2/…'],
    [['scim', token], 1, '/scim/…'],
    [[token], 0, '/…'],
    [['scim', 'v2', 'Users', id, token], 2, `/scim/v2/Users/${id}/…`],
    [['scim', 'v2', 'Users', `${id}${token}`], 2, '/scim/v2/Users/…'],
    [['scim', 'v2', 'Users', 'ann@example.com'], 2, '/scim/v2/Users/…'],
    [['scim', 'v2', 'Users', 'hunter2'], 2, '/scim/v2/Users/…'],
    [['scim', 'v2', 'Schemas', 'urn:ietf:params:scim:schemas:core:2.0:User'], 2, '/scim/v2/Schemas/…:User'],
    [['scim', 'v3', 'Users'], 1, '/scim/v3/Users'],
    [[], 0, '/'],
  ])('%j is shown as far as it is ours', (segments, known, shown) => {
    expect(shownPath(segments, known)).toBe(shown.replace('…:User', 'urn:ietf:params:scim:schemas:core:2.0:User'));
  });

  test('is never long', () => {
    expect(shownPath(Array(5_000).fill('Users'), 2).length).toBeLessThan(200);
  });
});
