import { type Preconditions, refusedBy } from '../../scim/index.ts';
import type { Actor } from '../actor.ts';
import type { Change } from '../change.ts';
import type { Facts } from '../gather.ts';
import type { StoredRecord } from '../record.ts';
import type { Refusal } from '../refusal.ts';

export type Verdict = Decided | { readonly kind: 'refused'; readonly refusal: Refusal };

export interface Decided {
  readonly kind: 'created' | 'changed' | 'unchanged' | 'removed';
  /** In the order in which they are stored; when unchanged none, but that a provider takes the record over. */
  readonly changes: readonly Change[];
  readonly at: string;
  /** The record as it will stand (as it stood, when removed). */
  readonly record: StoredRecord;
  /** Removed by an update: how that is shown to whoever deactivated the user. */
  readonly shownAs?: StoredRecord;
  /** Created in the place of the record with this id, which is removed. */
  readonly replaced?: string;
  /** The attributes that were sent and have no effect, each once. */
  readonly ignored?: readonly string[];
}

export interface Decision {
  readonly actor: Actor;
  readonly facts: Facts;
  readonly now: string;
  readonly newId: () => string;
  /** The hash of the password that the write gives, where that is another one. */
  readonly password?: string | undefined;
}

/** What stands against a write of a resource at this version, if anything does. */
export function versionRefused(preconditions: Preconditions, { type, id, version }: StoredRecord): Verdict | undefined {
  const condition = refusedBy(preconditions, version);
  if (condition === undefined) return undefined;
  const excluded = condition === 'If-None-Match' ? { excluded: true } : {};
  return refused({ reason: 'version-mismatch', type, id, version, ...excluded });
}

export function refused(refusal: Refusal): Verdict {
  return { kind: 'refused', refusal };
}

/** A clock that steps back must not make `lastModified` step back with it (T-OPS-02). */
export function notBefore(now: string, earliest: string): string {
  return now < earliest ? earliest : now;
}

/** What is told of it: nobody reads more. */
const MOST_IGNORED = 20;

export function telling(ignored: readonly string[]): { readonly ignored?: readonly string[] } {
  return ignored.length === 0 ? {} : { ignored: [...new Set(ignored)].slice(0, MOST_IGNORED) };
}

/** The user's password with the other changes of its write; none where it says nothing of it. */
export function passwordChange(
  record: StoredRecord,
  hash: string | undefined,
  cause?: number,
): readonly Extract<Change, { kind: 'password' }>[] {
  return hash === undefined ? [] : [{ kind: 'password', record, hash, ...(cause === undefined ? {} : { cause }) }];
}
