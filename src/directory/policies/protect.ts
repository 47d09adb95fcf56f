import { fold, type JsonValue } from '../../scim/index.ts';
import { nameOf } from '../name-of.ts';
import type { ProtectPolicy } from '../policy.ts';
import { parse } from '../propose.ts';
import type { StoredRecord } from '../record.ts';
import { labelOf } from './label.ts';
import type { Asked, Limit } from './limit.ts';
import { isProvider } from './provider.ts';
import { mayLoseRole } from './role.ts';

/** The people whom the operator named; under another name, too, which a provider might give them first. */
export const PROTECT_USERS: Limit = {
  name: 'protect.users',
  why: 'Before the guard: what nobody may do is refused for good, and not held for a person to approve.',
  needs: () => [],
  check: (asked) => {
    const { users } = asked.policy.protect;
    if (users.size === 0 || !bindsProvider(asked)) return undefined;
    for (const { record } of asked.effect.deprovisioned) {
      if (users.has(keyOf(record))) return { reason: 'protected-user', label: labelOf(record), asked: 'deprovision' };
    }
    for (const { record, after } of asked.effect.altered) {
      if (record.type !== 'User' || after.userName === undefined || !users.has(keyOf(record))) continue;
      if (!users.has(foldedOf(after.userName)))
        return { reason: 'protected-user', label: labelOf(record), asked: 'rename' };
    }
    return undefined;
  },
};

/** The application's own people, whom no provider made or took over. */
export const PROTECT_EXISTING: Limit = {
  name: 'protect.existing',
  why: 'Beside the named ones: for the same reason, and it needs to ask nothing either.',
  needs: () => [],
  check: (asked) => {
    if (!asked.policy.protect.existing || !bindsProvider(asked)) return undefined;
    const one = asked.effect.deprovisioned.find(({ record }) => record.unowned === true);
    return one && { reason: 'not-owned', type: 'User', label: labelOf(one.record), asked: 'deprovision' };
  },
};

/** The last active user with a role: not deprovisioned, and the role not taken away, by whatever way it was given. */
export const PROTECT_LAST_WITH_ROLE: Limit = {
  name: 'protect.lastWithRole',
  why: 'Before the number of users: that the last administrator would go says more than that one of too few would.',
  needs: (asked) => (bindsProvider(asked) && mayLoseRole(asked) ? ['deprovisioning', 'role'] : []),
  check: (asked, { roleStays }) => {
    const role = asked.policy.protect.lastWithRole;
    if (role === undefined || roleStays) return undefined;
    return { reason: 'last-with-role', type: asked.record.type, label: labelOf(asked.record), role };
  },
};

export const PROTECT_AT_LEAST: Limit = {
  name: 'protect.atLeast',
  why: 'Before the guard, as all that protects: an approval could not do it either.',
  needs: (asked) => (isBelow(asked.policy.protect, asked) ? ['deprovisioning', 'counts'] : []),
  check: (asked, { counts }) => {
    const { atLeast } = asked.policy.protect;
    const active = counts.active - (asked.approval?.already ?? 0);
    if (!isBelow(asked.policy.protect, asked) || active + asked.effect.active >= atLeast) return undefined;
    return { reason: 'too-few-left', label: labelOf(asked.record), active, atLeast };
  },
};

function isBelow({ atLeast }: ProtectPolicy, asked: Asked): boolean {
  return atLeast > 0 && asked.effect.deprovisioned.length > 0 && bindsProvider(asked);
}

function bindsProvider(asked: Asked): boolean {
  return isProvider(asked.by) || asked.approval !== undefined;
}

function keyOf(record: StoredRecord): string {
  return fold(nameOf(record.type, parse(record)));
}

function foldedOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? fold(value) : '';
}
