import { expect, test } from 'vitest';
import { createPolicyOf } from '../../../src/app/policy.ts';
import { rulesFor } from '../../../src/app/rules.ts';
import { type Application, type ApplicationConfig, checkConfig } from '../../../src/config.ts';
import { DEFAULT_POLICY } from '../../../src/directory/index.ts';

async function application(app: ApplicationConfig): Promise<Application> {
  const [only] = await checkConfig({ applications: { app } }, 'x');
  if (only === undefined) throw new Error('there is none');
  return only;
}

const ROLES = {
  name: 'Role',
  kind: 'role' as const,
  values: [
    { id: 'admin', displayName: 'Administrator' },
    { id: 'viewer', displayName: 'Viewer' },
  ],
};

function policies(app: Application) {
  const told: string[] = [];
  const policyOf = createPolicyOf(app, (problems) => told.push(...problems));
  return { told, of: async (overrides?: object) => policyOf(overrides && JSON.stringify(overrides)), policyOf };
}

test('where nothing is said, everything is as it is without a policy, and nobody waits', async () => {
  const { policyOf } = policies(await application({}));
  expect(policyOf(undefined)).toEqual(DEFAULT_POLICY);
});

test('what is written is what the directory goes by', async () => {
  const { of } = policies(
    await application({
      entitlements: [ROLES],
      features: { syncPassword: true },
      policy: {
        deactivation: 'remove',
        reactivation: 'recreate',
        updates: 'ignore',
        keep: [
          'NAME.givenname',
          'emails[TYPE eq "work"]',
          'urn:ietf:params:scim:schemas:extension:enterprise:2.0:user:Manager.value',
        ],
        userNameIsEmail: true,
        match: ['userName'],
        conflict: 'link',
        roles: { byGroup: { 'App ADMINS': 'admin' }, ceiling: ['admin'], default: 'viewer' },
        seats: { limit: 9, reserve: 2, counts: 'all' },
        protect: { users: ['Ann@Example.com'], lastWithRole: 'admin', atLeast: 1, existing: true },
        guard: { users: 3, percent: 4, window: '15m', memberships: 50 },
      },
    }),
  );
  expect(await of()).toEqual({
    deactivation: 'remove',
    reactivation: 'recreate',
    updates: 'ignore',
    keep: [
      { path: 'NAME.givenname', names: ['name', 'givenName'] },
      { path: 'emails[TYPE eq "work"]', names: ['emails'], where: [{ sub: 'type', value: 'work' }] },
      {
        path: 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:user:Manager.value',
        names: ['urn:ietf:params:scim:schemas:extension:enterprise:2.0:User', 'manager', 'value'],
      },
    ],
    userNameIsEmail: true,
    match: ['userName'],
    conflict: 'link',
    roles: { byGroup: new Map([['app admins', 'admin']]), ceiling: ['admin'], default: 'viewer' },
    seats: { limit: 9, reserve: 2, counts: 'all' },
    protect: { users: new Set(['ann@example.com']), lastWithRole: 'admin', atLeast: 1, existing: true },
    guard: { users: 3, percent: 4, windowSeconds: 900, memberships: 50 },
    features: { import: true, pushGroups: true, syncPassword: true },
  });
});

test('a guard of which nothing is said holds more than ten and more than ten percent an hour', async () => {
  const { of } = policies(await application({ policy: { guard: {} } }));
  expect((await of()).guard).toEqual({ users: 10, percent: 10, windowSeconds: 3_600, memberships: undefined });
});

test('a directory has otherwise what it says, part by part, and takes back what it says is null', async () => {
  const { of, told } = policies(
    await application({ policy: { seats: { limit: 9, counts: 'all' }, guard: { users: 3 }, protect: { atLeast: 2 } } }),
  );
  const seats = (await of({ seats: { limit: 50 } })).seats;
  expect(seats).toEqual({ limit: 50, reserve: 0, counts: 'all' });
  expect((await of({ seats: { limit: null } })).seats.limit).toBeUndefined();
  expect((await of({ guard: false })).guard).toBeUndefined();
  expect((await of({ guard: { percent: 1 } })).guard).toMatchObject({ users: 3, percent: 1 });
  expect((await of({ protect: { users: ['A'] } })).protect).toMatchObject({ atLeast: 2, users: new Set(['a']) });
  expect(told).toEqual([]);
});

test('a directory has a role for one group more, takes one back, and keeps the others', async () => {
  const { of, told } = policies(
    await application({
      entitlements: [ROLES],
      overridable: ['roles'],
      policy: { roles: { byGroup: { Admins: 'admin', Chiefs: 'admin' }, default: 'viewer' } },
    }),
  );
  const { roles } = await of({ roles: { byGroup: { Guests: 'viewer', Chiefs: null } } });
  expect(Object.fromEntries(roles.byGroup)).toEqual({ admins: 'admin', guests: 'viewer' });
  expect(roles.default).toBe('viewer');
  expect(told).toEqual([]);
  await of({ roles: { byGroup: { ADMINS: 'viewer' } } });
  expect(told).toEqual([expect.stringContaining('roles.byGroup.ADMINS: this is the same group as "Admins"')]);
});

test('a text is read once', async () => {
  const { policyOf } = policies(await application({}));
  const text = '{"seats":{"limit":1}}';
  const first = await policyOf(text);
  expect(policyOf(text)).toBe(first);
  expect(await policyOf('{"seats":{"limit":2}}')).not.toBe(first);
});

test.each<[string, object | string, string]>([
  ['a rule that may not be overridden', { deactivation: 'remove' }, 'deactivation: a directory cannot have this rule'],
  [
    'a rule that there is not',
    { seat: 3 },
    'seat: there is no such rule; a directory may override seats, protect, guard',
  ],
  ['a value that is none', { guard: { window: '1y' } }, 'guard.window: expected a time'],
  [
    'a role that is not declared any more',
    { protect: { lastWithRole: 'boss' } },
    'protect.lastWithRole: there is no role',
  ],
  ['no JSON', '{', 'expected a JSON object'],
  ['no object', '[]', 'expected a JSON object'],
  ['a name that every object has', '{"__proto__":{"limit":1},"constructor":3}', '__proto__: there is no such rule'],
])('%s is left out and told once, and the rest holds', async (_, overrides, problem) => {
  const { policyOf, told } = policies(await application({ policy: { seats: { limit: 9 } } }));
  const text = typeof overrides === 'string' ? overrides : JSON.stringify({ ...overrides, seats: { reserve: 1 } });
  const policy = await policyOf(text);
  await policyOf(text);
  expect(policy).toMatchObject({ deactivation: 'suspend', guard: undefined, seats: { limit: 9 } });
  expect(policy.seats.reserve).toBe(typeof overrides === 'string' ? 0 : 1);
  expect(told[0]).toContain(problem);
  expect(new Set(told).size).toBe(told.length);
});

test('roles are indexed where who has the last of one may matter, and nowhere else', async () => {
  const indexed = async (app: ApplicationConfig) => {
    const { types } = rulesFor(await application(app), () => undefined);
    return types.flatMap(({ schema }) =>
      schema.attributes.flatMap(({ name, indexed = false }) => (indexed ? [name] : [])),
    );
  };
  expect(await indexed({})).toEqual([]);
  expect(await indexed({ entitlements: [ROLES] })).toEqual(['roles']);
  expect(await indexed({ entitlements: [ROLES], overridable: ['seats'] })).toEqual([]);
  const policy = { protect: { lastWithRole: 'admin' } };
  expect(await indexed({ entitlements: [ROLES], overridable: [], policy })).toEqual(['roles']);
});
