import { z } from 'zod';
import { windowSeconds } from './guard-window.ts';
import { POLICY_KEYS } from './policy-config.ts';
import { unknownKeys } from './unknown-keys.ts';

const flag = z.boolean('expected true or false').optional();
const role = z
  .string('expected the id of a role')
  .min(1, 'expected the id of a role')
  .max(128, 'expected the id of a role');
const name = z
  .string('expected text')
  .min(1, 'expected text that is not empty')
  .max(1024, 'expected at most 1,024 characters');

/** PostgreSQL counts further; nobody sells more seats. */
const MOST = 1_000_000_000;
const count = (expected: string) => z.int(expected).min(0, expected).max(MOST, expected);
const NUMBER = 'expected a whole number from 0 on';

const roles = z.strictObject(
  {
    byGroup: z
      .record(name, role.nullable(), 'expected the names of groups with a role each, like { "App admins": "admin" }')
      .optional(),
    ceiling: z.array(role, 'expected a list of ids of roles').nullable().optional(),
    default: role.nullable().optional(),
  },
  { error: unknownKeys('byGroup, ceiling, default', 'an object such as { byGroup: { "App admins": "admin" } }') },
);

const seats = z.strictObject(
  {
    limit: count(NUMBER).nullable().optional(),
    reserve: count(NUMBER).optional(),
    counts: z.enum(['active', 'all'], 'expected "active" or "all"').optional(),
  },
  { error: unknownKeys('limit, reserve, counts', 'an object such as { limit: 500 }') },
);

const protect = z.strictObject(
  {
    users: z.array(name, 'expected a list of userNames').max(1_000, 'expected at most 1,000 userNames').optional(),
    lastWithRole: role.nullable().optional(),
    atLeast: count(NUMBER).optional(),
    existing: flag,
  },
  { error: unknownKeys('users, lastWithRole, atLeast, existing', 'an object such as { atLeast: 1 }') },
);

const PERCENT = 'expected a number from 0 to 100';
const guard = z.strictObject(
  {
    users: count(NUMBER).optional(),
    percent: z.number(PERCENT).min(0, PERCENT).max(100, PERCENT).optional(),
    window: z
      .string('expected a time like "15m" or "1h"')
      .refine((text) => windowSeconds(text) !== undefined, 'expected a time like "30s", "15m" or "1h", at most "1d"')
      .optional(),
    memberships: count(NUMBER).nullable().optional(),
  },
  {
    error: unknownKeys(
      'users, percent, window, memberships',
      'false, or an object such as { users: 10, window: "1h" }',
    ),
  },
);

/** Not a union, which would not say which of the guard's keys is wrong. */
const guardOrFalse = z.unknown().transform((given, { issues }) => {
  if (given === false) return given;
  const read = guard.safeParse(given);
  if (read.success) return read.data;
  issues.push(...read.error.issues.map((issue) => ({ ...issue, input: given }) as (typeof issues)[number]));
  return z.NEVER;
});

/** The rules of an application, or what a directory has otherwise. Which of them fit together, `policy-checks.ts` says. */
export const policySchema = z.strictObject(
  {
    deactivation: z.enum(['suspend', 'remove'], 'expected "suspend" or "remove"').optional(),
    reactivation: z.enum(['revive', 'recreate'], 'expected "revive" or "recreate"').optional(),
    updates: z.enum(['apply', 'ignore'], 'expected "apply" or "ignore"').optional(),
    keep: z
      .array(name, 'expected a list of attributes, like ["name.givenName"]')
      .max(200, 'expected at most 200 attributes')
      .nullable()
      .optional(),
    userNameIsEmail: flag,
    match: z
      .array(
        z.enum(['externalId', 'userName'], 'expected "externalId" or "userName"'),
        'expected a list like ["userName"]',
      )
      .optional(),
    conflict: z.enum(['link', 'reject'], 'expected "link" or "reject"').optional(),
    roles: roles.optional(),
    seats: seats.optional(),
    protect: protect.optional(),
    guard: guardOrFalse.optional(),
  },
  { error: unknownKeys(POLICY_KEYS.join(', '), 'an object of rules, such as { deactivation: "remove" }') },
);

export const featuresSchema = z.strictObject(
  { import: flag, pushGroups: flag, syncPassword: flag },
  { error: unknownKeys('import, pushGroups, syncPassword', 'an object such as { import: false }') },
);

const PLAN = /^[a-z0-9](?:[a-z0-9._-]{0,61}[a-z0-9])?$/;

export const requiresSchema = z.strictObject(
  {
    plans: z
      .array(
        z
          .string('expected a plan like "enterprise"')
          .regex(PLAN, 'expected a plan like "enterprise": lower-case letters, digits, "-", "_" and "."'),
        'expected a list of plans like ["enterprise"]',
      )
      .min(1, 'expected at least one plan, or nothing at all')
      .optional(),
    sso: flag,
  },
  { error: unknownKeys('plans, sso', 'an object such as { plans: ["enterprise"], sso: true }') },
);

export const overridableSchema = z.array(
  z.enum(POLICY_KEYS, `expected names of rules: ${POLICY_KEYS.join(', ')}`),
  'expected a list of rules like ["seats", "guard"]',
);
