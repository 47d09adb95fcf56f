import { type Preconditions, refusedBy } from '../../scim/index.ts';
import type { DirectoryContext } from '../actor.ts';
import type { Change } from '../change.ts';
import type { Facts } from '../gather.ts';
import type { StoredRecord } from '../record.ts';
import type { Refusal } from '../refusal.ts';

export type Verdict =
  | {
      readonly kind: 'created' | 'changed' | 'unchanged' | 'removed';
      /** In the order in which they are stored; none when unchanged. */
      readonly changes: readonly Change[];
      readonly at: string;
      /** The record as it will stand (as it stood, when removed). */
      readonly record: StoredRecord;
    }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

export interface Decision {
  readonly directory: DirectoryContext;
  readonly facts: Facts;
  readonly now: string;
  readonly newId: () => string;
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
