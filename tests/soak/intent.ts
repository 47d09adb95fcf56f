/**
 * A write that the load means to make. `stamp` marks all attributes that one write sets, so that half of a write shows:
 * title, nickName, department and e-mail of a user all carry the stamp of the latest one.
 */
export type Intent =
  | { readonly kind: 'create-user'; readonly userName: string; readonly externalId: string; readonly stamp: number }
  | {
      readonly kind: 'put-user';
      readonly id: string;
      readonly userName: string;
      readonly externalId: string;
      readonly active: boolean;
      readonly stamp: number;
    }
  | { readonly kind: 'patch-active'; readonly id: string; readonly active: boolean }
  | { readonly kind: 'remove-user'; readonly id: string }
  | { readonly kind: 'create-group'; readonly name: string; readonly members: readonly string[] }
  | { readonly kind: 'rename-group'; readonly id: string; readonly name: string }
  | {
      readonly kind: 'change-members';
      readonly id: string;
      readonly add: readonly string[];
      readonly remove: readonly string[];
    }
  | { readonly kind: 'replace-members'; readonly id: string; readonly members: readonly string[] }
  | { readonly kind: 'add-members'; readonly id: string; readonly members: readonly string[] }
  | { readonly kind: 'put-group'; readonly id: string; readonly name: string; readonly members: readonly string[] }
  | { readonly kind: 'remove-group'; readonly id: string };

export interface WireRequest {
  readonly method: string;
  readonly path: string;
  readonly body?: object;
  /** The only statuses that acknowledge it. */
  readonly statuses: readonly number[];
}

const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group';
const PATCH_OP = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

/** The request that carries an intent, in the shape that Okta gives it. */
export function wireRequest(intent: Intent): WireRequest {
  switch (intent.kind) {
    case 'create-user':
      return { method: 'POST', path: '/Users', body: userBody({ ...intent, active: true }), statuses: [201] };
    case 'put-user':
      return { method: 'PUT', path: `/Users/${intent.id}`, body: userBody(intent), statuses: [200] };
    case 'patch-active':
      return patch(`/Users/${intent.id}`, [{ op: 'replace', value: { active: intent.active } }]);
    case 'remove-user':
      return { method: 'DELETE', path: `/Users/${intent.id}`, statuses: [204] };
    case 'create-group':
      return { method: 'POST', path: '/Groups', body: groupBody(intent), statuses: [201] };
    case 'put-group':
      return { method: 'PUT', path: `/Groups/${intent.id}`, body: groupBody(intent), statuses: [200] };
    case 'rename-group':
      return patch(`/Groups/${intent.id}`, [{ op: 'replace', value: { id: intent.id, displayName: intent.name } }]);
    case 'change-members': {
      const removals = intent.remove.map((id) => ({ op: 'remove', path: `members[value eq "${id}"]` }));
      const additions = intent.add.length > 0 ? [{ op: 'add', path: 'members', value: values(intent.add) }] : [];
      return patch(`/Groups/${intent.id}`, [...removals, ...additions]);
    }
    case 'replace-members':
      return patch(`/Groups/${intent.id}`, [{ op: 'replace', path: 'members', value: values(intent.members) }]);
    case 'add-members':
      return patch(`/Groups/${intent.id}`, [{ op: 'add', path: 'members', value: values(intent.members) }]);
    case 'remove-group':
      return { method: 'DELETE', path: `/Groups/${intent.id}`, statuses: [204] };
  }
}

export function stampedEmail(stamp: number): string {
  return `m${stamp}@soak.example`;
}

interface UserWrite {
  readonly userName: string;
  readonly externalId: string;
  readonly active: boolean;
  readonly stamp: number;
}

function userBody({ userName, externalId, active, stamp }: UserWrite): object {
  return {
    schemas: [USER, ENTERPRISE],
    userName,
    externalId,
    active,
    name: { givenName: `G${stamp}`, familyName: `F${stamp}` },
    title: `T${stamp}`,
    nickName: `N${stamp}`,
    emails: [{ value: stampedEmail(stamp), type: 'work', primary: true }],
    [ENTERPRISE]: { department: `D${stamp}` },
  };
}

function groupBody({ name, members }: { name: string; members: readonly string[] }): object {
  return { schemas: [GROUP], displayName: name, members: values(members) };
}

function patch(path: string, operations: readonly object[]): WireRequest {
  return { method: 'PATCH', path, body: { schemas: [PATCH_OP], Operations: operations }, statuses: [200, 204] };
}

function values(ids: readonly string[]): object[] {
  return ids.map((value) => ({ value }));
}
