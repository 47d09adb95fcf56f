import type { Actor } from '../actor.ts';
import type { By, Change } from '../change.ts';
import type { StoredRecord } from '../record.ts';
import type { Refusal } from '../refusal.ts';
import { labelOf } from './label.ts';
import { isProvider } from './provider.ts';

/** A user of the application's own, whom no provider made or took over, as a provider sees one (decision 32). */
export function isForeign({ type, unowned }: StoredRecord, by: By): boolean {
  return unowned === true && type === 'User' && isProvider(by);
}

/**
 * `conflict: reject`: an identity provider alters nobody who was there before it. Okta finds people by a filter and goes on
 * with PUT, so that a rule for POST alone would guard nothing.
 */
export function ownershipRefused(
  record: StoredRecord,
  asked: 'create' | 'update' | 'deprovision',
  { directory, by }: Actor,
): Refusal | undefined {
  if (directory.policy.conflict !== 'reject' || !isForeign(record, by)) return undefined;
  return { reason: 'not-owned', type: record.type, label: labelOf(record), asked };
}

/** `conflict: link`: the first write that is accepted takes the user over, also when it alters nothing else. */
export function takingOver(record: StoredRecord, by: By): readonly Change[] {
  return isForeign(record, by) ? [{ kind: 'owner', record, owned: true }] : [];
}
