import { fold } from '../../scim/index.ts';
import type { Actor } from '../actor.ts';
import { nameOf } from '../name-of.ts';
import type { Proposal } from '../propose.ts';
import type { Refusal } from '../refusal.ts';
import { isProvider } from './provider.ts';

/**
 * A provider gives a role by a group's memberships, one person at a time, and makes the group that gives it. It does not
 * give a role to all members of another group, nor take it from all of them, by a name (T-PRIV-03).
 */
export function renameRefused({ before, after }: Proposal, { directory, by }: Actor): Refusal | undefined {
  const { byGroup } = directory.policy.roles;
  if (byGroup.size === 0 || before === undefined || !isProvider(by)) return undefined;
  const [from, to] = [nameOf('Group', before), nameOf('Group', after)];
  if (fold(from) === fold(to)) return undefined;
  const role = byGroup.get(fold(from)) ?? byGroup.get(fold(to));
  return role === undefined ? undefined : { reason: 'group-gives-role', from, to, role };
}
