import type { ScimWrite } from '../../scim/index.ts';
import type { Change } from '../change.ts';
import { memberChanges } from './members.ts';
import { type Decision, notBefore, refused, type Verdict, versionRefused } from './verdict.ts';

/** DELETE, with the memberships that go with it: the groups that it was in change too, because of it. */
export function decideRemoval(request: Extract<ScimWrite, { kind: 'remove' }>, { facts, now }: Decision): Verdict {
  const { current, memberOf, members } = facts;
  if (current === undefined) return refused({ reason: 'not-found', type: request.type.name, id: request.id });
  const stale = versionRefused(request, current);
  if (stale !== undefined) return stale;
  // A group's own members leave first: their rows need it still there. Both name the removal as their cause.
  const own = memberChanges(current, members, { version: current.version + 1 });
  const cause = own.length;
  const removal: Change = { kind: 'removed', before: current, memberOf: memberOf.map((group) => group.id) };
  const left = memberOf.flatMap((group) =>
    memberChanges(group, { added: [], removed: [current.id], unknown: [] }, { version: group.version + 1, cause }),
  );
  const latest = memberOf.reduce((latest, group) => notBefore(latest, group.modified), current.modified);
  return {
    kind: 'removed',
    at: notBefore(now, latest),
    changes: [...own.map((change) => ({ ...change, cause })), removal, ...left],
    record: current,
  };
}
