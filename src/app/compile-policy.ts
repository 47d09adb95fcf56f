import {
  type Application,
  type GuardConfig,
  type PolicyConfig,
  readKept,
  rolesByGroup,
  userType,
  windowSeconds,
} from '../config.ts';
import { DEFAULT_POLICY, type GuardPolicy, type Policy } from '../directory/index.ts';
import { fold } from '../scim/index.ts';

/** The rules as the directory goes by them, from what was written and checked. */
export function compilePolicy(config: PolicyConfig, application: Application): Policy {
  const { keep, roles = {}, seats = {}, protect = {}, guard } = config;
  return {
    ...DEFAULT_POLICY,
    ...simpleOf(config),
    keep: keep ? keptOf(keep, application) : undefined,
    roles: {
      byGroup: new Map(rolesByGroup(roles).map(([group, role]) => [fold(group), role])),
      ceiling: roles.ceiling ?? undefined,
      default: roles.default ?? undefined,
    },
    seats: { limit: seats.limit ?? undefined, reserve: seats.reserve ?? 0, counts: seats.counts ?? 'active' },
    protect: {
      users: new Set((protect.users ?? []).map(fold)),
      lastWithRole: protect.lastWithRole ?? undefined,
      atLeast: protect.atLeast ?? 0,
      existing: protect.existing ?? false,
    },
    guard: guard ? guardOf(guard) : undefined,
    features: application.features,
  };
}

const SIMPLE = ['deactivation', 'reactivation', 'updates', 'userNameIsEmail', 'match', 'conflict'] as const;

function simpleOf(config: PolicyConfig): Partial<Policy> {
  return Object.fromEntries(SIMPLE.flatMap((key) => (config[key] === undefined ? [] : [[key, config[key]]])));
}

function keptOf(keep: readonly string[], application: Application): Policy['keep'] {
  const user = userType(application);
  return keep.flatMap((path) => {
    const read = readKept(path, user);
    return read.kind === 'kept' ? [read.kept] : [];
  });
}

function guardOf({ users = 10, percent = 10, window = '1h', memberships }: GuardConfig): GuardPolicy {
  return { users, percent, windowSeconds: windowSeconds(window) ?? 3_600, memberships: memberships ?? undefined };
}
