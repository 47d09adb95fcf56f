import type { Resource } from '../../scim/index.ts';
import { managerOf, type Proposal, withoutManagerReference } from '../propose.ts';
import type { Refusal } from '../refusal.ts';
import { entitled } from './entitled.ts';
import type { Decision } from './verdict.ts';

export type Settled =
  | { readonly kind: 'settled'; readonly after: Resource }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

/** The proposed resource once what it refers to has been looked at. */
export function settled(proposal: Proposal, { directory, facts }: Decision): Settled {
  const found = entitled(proposal, directory);
  if (found.kind === 'refused' || facts.managerKnown) return found;
  const { after } = found;
  if (directory.tolerances.unknownManager) return { kind: 'settled', after: withoutManagerReference(after) };
  return { kind: 'refused', refusal: { reason: 'unknown-manager', id: managerOf(after) ?? '' } };
}
