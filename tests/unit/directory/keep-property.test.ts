import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { KeptAttribute } from '../../../src/directory/index.ts';
import type { JsonObject } from '../../../src/scim/index.ts';
import { done, resourceOf } from './decided.ts';
import { replace, storedUser } from './facts.ts';

const TYPES = ['work', 'home', 'other'] as const;

const emails = fc.uniqueArray(
  fc.record({ value: fc.constantFrom('a@x.example', 'b@x.example', 'c@x.example'), type: fc.constantFrom(...TYPES) }),
  { minLength: 1, maxLength: 4, selector: ({ value, type }) => `${type} ${value}` },
);
const text = fc.constantFrom('one', 'two', 'three');
const profile = fc.record(
  {
    title: text,
    nickName: text,
    name: fc.record({ givenName: text, familyName: text, middleName: text }, { requiredKeys: ['givenName'] }),
    emails,
  },
  { requiredKeys: [] },
) as fc.Arbitrary<JsonObject>;

const kept: readonly KeptAttribute[] = [
  { path: 'title', names: ['title'] },
  { path: 'name.givenName', names: ['name', 'givenName'] },
  { path: 'name', names: ['name'] },
  { path: 'emails', names: ['emails'] },
  ...TYPES.map((value) => ({ path: `emails[type eq "${value}"]`, names: ['emails'], where: [{ sub: 'type', value }] })),
];
const keeping = fc.subarray([...kept]);

/** What of a user no kept path names. */
function outside(user: JsonObject, keep: readonly KeptAttribute[]): JsonObject {
  const { title, nickName, name = {}, emails: all = [] } = user as { [name: string]: JsonObject };
  const has = (path: string) => keep.some((one) => one.path === path);
  const { givenName, ...names } = name as JsonObject;
  const elements = (all as unknown as JsonObject[]).filter(({ type }) => !has(`emails[type eq "${type}"]`));
  return {
    nickName: nickName ?? null,
    title: has('title') ? null : (title ?? null),
    name: has('name') ? null : has('name.givenName') ? names : { ...names, givenName: givenName ?? null },
    emails: has('emails') ? [] : elements,
  };
}

test('a PUT alters nothing outside of what is kept, and twice is as once', () => {
  fc.assert(
    fc.property(profile, profile, keeping, (stored, sent, keep) => {
      const current = storedUser({ userName: 'b', ...stored, active: true });
      const request = replace('user-1', { userName: 'b', ...sent, active: true });
      const once = done(request, { policy: { keep }, current });
      expect(outside(resourceOf(once), keep)).toEqual(outside({ ...stored }, keep));
      const { record } = once;
      expect(done(request, { policy: { keep }, current: record }).kind).toBe('unchanged');
      // As Okta sends back what it reads.
      const { schemas: _, id: __, ...echo } = resourceOf(once);
      const echoed = done(replace('user-1', echo), { policy: { keep }, current: record });
      expect(echoed.kind).toBe('unchanged');
      expect(echoed.ignored).toBeUndefined();
    }),
    { numRuns: 500 },
  );
});

/** Of any of which at most one is primary; some say that they are not, some nothing. */
const marked = fc.tuple(emails, fc.nat(5), fc.infiniteStream(fc.boolean())).map(([all, at, said]) =>
  all.map((email, index) => ({
    ...email,
    ...(index === at ? { primary: true } : said.next().value ? { primary: false } : {}),
  })),
);

test('where only the primary address for work is kept: one is, the others stay but for the mark, and twice is as once', () => {
  const where = [
    { sub: 'type', value: 'work' },
    { sub: 'primary', value: true },
  ];
  const policy = { keep: [{ path: 'emails[type eq "work" and primary eq true]', names: ['emails'], where }] };
  const emailsOf = (user: JsonObject) => (user.emails ?? []) as { value: string; type: string; primary?: boolean }[];
  fc.assert(
    fc.property(marked, marked, (stored, sent) => {
      const current = storedUser({ userName: 'b', emails: stored, active: true });
      const request = replace('user-1', { userName: 'b', emails: sent, active: true });
      const once = done(request, { policy, current });
      const after = emailsOf(resourceOf(once));
      expect(after.filter(({ primary }) => primary === true).length).toBeLessThanOrEqual(1);
      const others = ({ type }: { type: string }) => type !== 'work';
      const bare = ({ value, type }: { value: string; type: string }) => `${type} ${value}`;
      expect(after.filter(others).map(bare)).toEqual(stored.filter(others).map(bare));
      const asked = sent.find(({ type, primary }) => type === 'work' && primary === true);
      if (asked !== undefined) expect(after).toContainEqual(asked);
      const { record } = once;
      expect(done(request, { policy, current: record }).kind).toBe('unchanged');
      const { schemas: _, id: __, ...echo } = resourceOf(once);
      expect(done(replace('user-1', echo), { policy, current: record }).kind).toBe('unchanged');
    }),
    { numRuns: 1000 },
  );
});
