import type { Resource } from '../../scim/index.ts';
import { managerOf, type Proposal, withoutManagerReference } from '../propose.ts';
import { type Decision, refused, type Verdict } from './verdict.ts';

/** The proposed resource once what it refers to has been looked at. */
export function settled(
  { after }: Proposal,
  { directory, facts }: Decision,
): { readonly kind: 'settled'; readonly after: Resource } | Extract<Verdict, { kind: 'refused' }> {
  if (facts.managerKnown) return { kind: 'settled', after };
  if (directory.tolerances.unknownManager) return { kind: 'settled', after: withoutManagerReference(after) };
  return refused({ reason: 'unknown-manager', id: managerOf(after) ?? '' }) as Extract<Verdict, { kind: 'refused' }>;
}
