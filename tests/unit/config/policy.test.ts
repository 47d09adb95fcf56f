import { describe, expect, test } from 'vitest';
import {
  type ApplicationConfig,
  checkConfig,
  SettingsError,
  slugsInHosts,
  windowSeconds,
} from '../../../src/config.ts';

const ROLES = {
  name: 'Role',
  kind: 'role' as const,
  values: [
    { id: 'admin', displayName: 'Administrator' },
    { id: 'viewer', displayName: 'Viewer' },
  ],
};

async function problemsOf(app: unknown): Promise<readonly string[]> {
  try {
    await checkConfig({ applications: { app } }, 'x');
    return [];
  } catch (error) {
    if (error instanceof SettingsError) return error.problems;
    throw error;
  }
}

describe('a policy', () => {
  test.each<[ApplicationConfig]>([
    [{ policy: {} }],
    [{ policy: { deactivation: 'remove', reactivation: 'recreate', updates: 'ignore', conflict: 'link' } }],
    [
      {
        policy: {
          keep: ['userName', 'title', 'name.givenName', 'emails', 'emails[type eq "work"]', 'phoneNumbers.value'],
        },
      },
    ],
    [{ policy: { keep: ['emails[type eq "work" and primary eq true]', 'phoneNumbers[primary eq true]'] } }],
    [{ policy: { keep: ['urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'] } }],
    [{ policy: { keep: ['urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value'] } }],
    [
      {
        policy: { keep: ['urn:example:app:User:costCenter', 'urn:example:app:User'] },
        extensions: [{ urn: 'urn:example:app:User', of: 'User', attributes: { costCenter: {} } }],
      },
    ],
    [
      {
        policy: {
          roles: {
            byGroup: { 'App: admins': 'admin', 'Группа "1"': 'viewer' },
            ceiling: ['admin', 'viewer'],
            default: 'viewer',
          },
          protect: { users: ['ann@example.com'], lastWithRole: 'admin', atLeast: 2, existing: true },
        },
        entitlements: [ROLES],
      },
    ],
    [{ policy: { seats: { limit: 5, reserve: 4, counts: 'all' }, guard: { users: 0, percent: 2.5, window: '1d' } } }],
    [{ policy: { seats: { limit: 0 }, guard: false, match: [] } }],
    [{ requires: { plans: ['premier', 'test_2.0-x'], sso: true }, features: { import: false }, overridable: [] }],
  ])('%j is one', async (app) => {
    expect(await problemsOf(app)).toEqual([]);
  });

  test.each<[unknown, string]>([
    [{ policy: 3 }, 'app.policy: expected an object of rules'],
    [{ policy: { seat: {} } }, 'app.policy: unknown key "seat"; expected deactivation, reactivation'],
    [{ policy: { deactivation: 'delete' } }, 'app.policy.deactivation: expected "suspend" or "remove"'],
    [{ policy: { reactivation: true } }, 'app.policy.reactivation: expected "revive" or "recreate"'],
    [{ policy: { updates: 'no' } }, 'app.policy.updates: expected "apply" or "ignore"'],
    [{ policy: { conflict: 'merge' } }, 'app.policy.conflict: expected "link" or "reject"'],
    [{ policy: { match: ['email'] } }, 'app.policy.match.0: expected "externalId" or "userName"'],
    [{ policy: { keep: 'title' } }, 'app.policy.keep: expected a list of attributes'],
    [{ policy: { keep: ['shoeSize'] } }, 'app.policy.keep.0: "shoeSize" is no attribute of a user'],
    [{ policy: { keep: ['title', 'emails['] } }, 'app.policy.keep.1: "emails[" is no attribute of a user'],
    [{ policy: { keep: ['urn:example:app:User'] } }, 'app.policy.keep.0: "urn:example:app:User" is no attribute'],
    [{ policy: { keep: ['meta'] } }, 'app.policy.keep.0: "meta" is not for providers to give'],
    [{ policy: { keep: ['groups'] } }, 'app.policy.keep.0: "groups" is not for providers to give'],
    [{ policy: { keep: ['emails[type eq "work"].value'] } }, 'expected whole elements of one kind'],
    [{ policy: { keep: ['emails[type ne "work"]'] } }, 'expected whole elements of one kind'],
    [{ policy: { keep: ['emails[type eq "work" or primary eq true]'] } }, 'expected whole elements of one kind'],
    [{ policy: { keep: ['emails[type eq "work" and value pr]'] } }, 'expected whole elements of one kind'],
    [{ policy: { keep: ['emails[type eq "work" and type eq "home"]'] } }, 'expected whole elements of one kind'],
    [
      { policy: { roles: { default: 'admin' } } },
      'there is no role "admin"; entitlements of the kind "role" declare no roles',
    ],
    [
      { policy: { roles: { byGroup: { 'A.b c': 'boss' } } }, entitlements: [ROLES] },
      'app.policy.roles.byGroup.A.b c: there is no role "boss"; expected one of "admin", "viewer"',
    ],
    [
      { policy: { roles: { ceiling: ['boss'] } }, entitlements: [ROLES] },
      'app.policy.roles.ceiling.0: there is no role "boss"',
    ],
    [
      { policy: { protect: { lastWithRole: 'boss' } }, entitlements: [ROLES] },
      'app.policy.protect.lastWithRole: there is no',
    ],
    [
      { policy: { roles: { byGroup: { a: 'admin' }, ceiling: ['viewer'] } }, entitlements: [ROLES] },
      'app.policy.roles.byGroup.a: the role "admin" is not in roles.ceiling',
    ],
    [
      { policy: { roles: { byGroup: { a: 'admin' } } }, entitlements: [ROLES], features: { pushGroups: false } },
      'app.policy.roles.byGroup: expected nothing, as features.pushGroups is false',
    ],
    [{ policy: { seats: { limit: -1 } } }, 'app.policy.seats.limit: expected a whole number'],
    [{ policy: { seats: { limit: 1.5 } } }, 'app.policy.seats.limit: expected a whole number'],
    [{ policy: { seats: { limit: 3, reserve: 3 } } }, 'app.policy.seats.reserve: expected less than the limit, 3'],
    [{ policy: { seats: { reserve: 3 } } }, 'app.policy.seats.reserve: expected a limit beside it'],
    [{ policy: { seats: { counts: 'some' } } }, 'app.policy.seats.counts: expected "active" or "all"'],
    [{ policy: { protect: { users: [''] } } }, 'app.policy.protect.users.0: expected text'],
    [{ policy: { guard: true } }, 'app.policy.guard: expected false, or an object'],
    [{ policy: { guard: { percent: 101 } } }, 'app.policy.guard.percent: expected a number from 0 to 100'],
    [{ policy: { guard: { percent: 'x' } } }, 'app.policy.guard.percent: expected a number'],
    [{ policy: { guard: { usres: 5 } } }, 'app.policy.guard: unknown key "usres"; expected users'],
    [
      { policy: { roles: { byGroup: { Admins: 'admin', ADMINS: 'viewer' } } }, entitlements: [ROLES] },
      'app.policy.roles.byGroup.ADMINS: this is the same group as "Admins"',
    ],
    [{ policy: { guard: { users: -1 } } }, 'app.policy.guard.users: expected a whole number'],
    [{ policy: { guard: { window: '2d' } } }, 'app.policy.guard.window: expected a time like'],
    [{ features: { push: true } }, 'app.features: unknown key "push"; expected import, pushGroups, syncPassword'],
    [{ features: { import: 'no' } }, 'app.features.import: expected true or false'],
    [{ requires: { plans: [] } }, 'app.requires.plans: expected at least one plan'],
    [{ requires: { plans: ['Pro'] } }, 'app.requires.plans.0: expected a plan like "enterprise"'],
    [{ requires: { sso: 1 } }, 'app.requires.sso: expected true or false'],
    [{ overridable: ['seat'] }, 'app.overridable.0: expected names of rules'],
  ])('%j is told with its key and what was expected', async (app, sentence) => {
    const problems = await problemsOf(app);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/^x: applications\.app\.[^\n]+[^.]\.$/);
    expect(problems[0]).toContain(sentence);
  });
});

test.each([
  ['30s', 30],
  ['15m', 900],
  ['1h', 3_600],
  ['24h', 86_400],
  ['1d', 86_400],
  ['25h', undefined],
  ['0s', undefined],
  ['1', undefined],
  ['1w', undefined],
  ['1.5h', undefined],
  [' 1h', undefined],
])('a window of %j is %s seconds', (text, seconds) => {
  expect(windowSeconds(text)).toBe(seconds);
});

test('what an application has for a host of its own, beside any slug’s, is no slug', () => {
  const hosts = [
    ['*.api.example.com', 'www.example.com'],
    ['eu.api.example.com', 'x.y.api.example.com'],
    ['api.example.com'],
  ];
  expect(slugsInHosts(hosts.map((some) => ({ hosts: some })))).toEqual(new Set(['eu']));
});
