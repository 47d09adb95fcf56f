import type { ScimWrite } from '../../scim/index.ts';
import type { Change } from '../change.ts';
import { ownershipRefused } from '../policies/ownership.ts';
import type { StoredRecord } from '../record.ts';
import { memberChanges } from './members.ts';
import { type Decision, notBefore, refused, type Verdict, versionRefused } from './verdict.ts';

/** DELETE, with the memberships that go with it: the groups that it was in change too, because of it. */
export function decideRemoval(request: Extract<ScimWrite, { kind: 'remove' }>, decision: Decision): Verdict {
  const { current } = decision.facts;
  if (current === undefined) return refused({ reason: 'not-found', type: request.type.name, id: request.id });
  const stale = versionRefused(request, current);
  if (stale !== undefined) return stale;
  const notOwned = ownershipRefused(current, 'deprovision', decision.actor);
  if (notOwned !== undefined) return refused(notOwned);
  return { kind: 'removed', ...removal(current, decision), record: current };
}

/** A removal, in the order in which it is stored. */
export function removal(
  record: StoredRecord,
  { facts: { memberOf, members }, now }: Decision,
): { readonly at: string; readonly changes: readonly Change[] } {
  // A group's own members leave first: their rows need it still there. Both name the removal as their cause.
  const own = memberChanges(record, members, { version: record.version + 1 });
  const cause = own.length;
  const gone: Change = { kind: 'removed', before: record, memberOf: memberOf.map((group) => group.id) };
  const left = memberOf.flatMap((group) =>
    memberChanges(group, { added: [], removed: [record.id], unknown: [] }, { version: group.version + 1, cause }),
  );
  const latest = memberOf.reduce((latest, group) => notBefore(latest, group.modified), record.modified);
  return { at: notBefore(now, latest), changes: [...own.map((change) => ({ ...change, cause })), gone, ...left] };
}
