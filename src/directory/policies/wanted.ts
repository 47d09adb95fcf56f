import type { MemberEdit, ScimWrite } from '../../scim/index.ts';
import type { Facts } from '../gather.ts';
import type { Wanted } from './limit.ts';

const NOTHING: Wanted = { subject: false, members: [] };

/**
 * What a write says it wants of its subject. A user's write wants the user only where it says `active`: that a title is sent
 * takes no deactivation back.
 */
export function wantedBy(request: ScimWrite, { current, proposal }: Facts): Wanted {
  if (request.kind === 'remove' || current === undefined || proposal === undefined) return NOTHING;
  if (request.type.name !== 'User') {
    return { subject: request.kind === 'replace', members: proposal.memberEdits.flatMap(membersOf) };
  }
  return { subject: proposal.after.active !== false && saysActive(request), members: [] };
}

function membersOf(edit: MemberEdit): readonly string[] {
  return edit.kind === 'add' || edit.kind === 'set' ? edit.members.map(({ value }) => value) : [];
}

function saysActive(request: Exclude<ScimWrite, { kind: 'remove' }>): boolean {
  if (request.kind === 'create') return true;
  if (request.kind === 'replace') return request.draft.attributes.active === true;
  return request.operations.some(
    ({ path }) =>
      path.kind === 'attribute' && path.target.attribute.name === 'active' && path.target.extension === undefined,
  );
}
