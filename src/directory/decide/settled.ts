import type { Resource, ResourceType } from '../../scim/index.ts';
import { isProvider } from '../policies/provider.ts';
import { withinCeiling } from '../policies/roles.ts';
import { userNameRefused } from '../policies/user-name-is-email.ts';
import { managerOf, type Proposal, withoutManagerReference } from '../propose.ts';
import type { Refusal } from '../refusal.ts';
import { entitled } from './entitled.ts';
import type { Decision } from './verdict.ts';

export type Settled =
  | {
      readonly kind: 'settled';
      readonly after: Resource;
      /** The attributes that were sent and have no effect. */
      readonly ignored: readonly string[];
    }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

/** The proposed resource once what it refers to has been looked at, and what the directory's rules say of it. */
export function settled(type: ResourceType, proposal: Proposal, decision: Decision): Settled {
  const found = referring(proposal, decision);
  if (found.kind === 'refused' || type.name !== 'User') return found;
  const { by, directory } = decision.actor;
  const { userNameIsEmail, roles } = directory.policy;
  const named = userNameIsEmail ? userNameRefused(proposal.before, found.after) : undefined;
  if (named !== undefined) return { kind: 'refused', refusal: named };
  if (roles.ceiling === undefined || !isProvider(by)) return found;
  const within = withinCeiling(type, { before: proposal.before, after: found.after }, roles.ceiling);
  return within.kind === 'refused' ? within : { ...within, ignored: [...found.ignored, ...within.ignored] };
}

function referring(proposal: Proposal, { actor: { directory }, facts }: Decision): Settled {
  const found = entitled(proposal, directory);
  if (found.kind === 'refused') return found;
  const { after } = found;
  const { ignored = [] } = proposal;
  if (facts.managerKnown) return { kind: 'settled', after, ignored };
  if (directory.tolerances.unknownManager) return { kind: 'settled', after: withoutManagerReference(after), ignored };
  return { kind: 'refused', refusal: { reason: 'unknown-manager', id: managerOf(after) ?? '' } };
}
