import { asArray, asObject, asText, type Json, type JsonObject, member } from '../json.ts';
import {
  ALL,
  answerWith,
  type Call,
  changeOperations,
  changeRecords,
  changeRequest,
  type Fault,
  isGroup,
  opOf,
  PATCHES,
  scimError,
  valueIn,
  without,
  writtenValue,
} from './fault.ts';

/** Faults of groups and who is in them. */
export const MEMBERSHIP_FAULTS = {
  'filtered-remove-ignored': {
    report: 'authentik#25686, #24173: members[value eq] is answered with success and removes nobody',
    flavours: PATCHES,
    plant: changeOperations(isGroup, (operation) => (isFilteredRemove(operation) ? undefined : operation)),
  },
  'filtered-remove-clears-all': {
    report: 'agent-bom#3533: members[value eq] removes everybody',
    flavours: PATCHES,
    plant: changeOperations(isGroup, (operation) =>
      isFilteredRemove(operation) ? { op: 'replace', path: 'members', value: [] } : operation,
    ),
  },
  'add-replaces-members': {
    report: 'agent-bom#3533: an add replaces the list',
    flavours: PATCHES,
    plant: changeOperations(isGroup, (operation) =>
      opOf(operation) === 'add' && operation.path === 'members' ? { ...operation, op: 'replace' } : operation,
    ),
  },
  'add-ignored': {
    report: 'teleport#61511, open-webui#30074: an add is answered with success and adds nobody',
    flavours: PATCHES,
    plant: changeOperations(isGroup, (operation) => (opOf(operation) === 'add' ? undefined : operation)),
  },
  'replace-members-ignored': {
    report: 'scim-for-keycloak#144, ory/polis#3136: a full push is answered with success and changes nobody',
    flavours: ALL,
    plant: () => async (call, forward) => {
      if (!isGroup(call)) return forward(call);
      if (call.method === 'PATCH') return changeOperations(isGroup, withoutFullPush)()(call, forward);
      if (call.method !== 'PUT') return forward(call);
      const { json } = await forward({ ...call, method: 'GET', body: undefined });
      return forward({ ...call, body: { ...asObject(call.body), members: member(json, 'members') ?? [] } });
    },
  },
  'push-now-without-path-ignored': {
    report: 'Metatavu#100: members in the value of a path-less replace are ignored',
    flavours: ['catalog'],
    plant: changeOperations(isGroup, (operation) =>
      operation.path === undefined && member(operation.value, 'members') !== undefined ? undefined : operation,
    ),
  },
  'remove-of-absent-member-404': {
    report: 'idp-clients §1.6: removing someone who is out already fails the whole delta',
    flavours: PATCHES,
    plant: () => async (call, forward) => {
      const gone = removedIds(call);
      if (gone.length === 0) return forward(call);
      const { json } = await forward({ ...call, method: 'GET', body: undefined });
      const present = (asArray(member(json, 'members')) ?? []).map((row) => member(row, 'value'));
      return gone.every((id) => present.includes(id)) ? forward(call) : scimError(404, 'This user is not a member.');
    },
  },
  'hundred-members-at-most': {
    report: 'FusionAuth#2784: members beyond the hundredth are cut off',
    flavours: ALL,
    users: 130,
    plant: changeRequest(isGroup, (body) => {
      if (Array.isArray(body.members)) return { ...body, members: body.members.slice(0, 100) };
      const operations = asArray(body.Operations);
      return operations === undefined ? body : { ...body, Operations: operations.map(cutToHundred) };
    }),
  },
  'member-without-type-skipped': {
    report: 'SCIM-SDK#419: a member without "type" is skipped without a word, and Okta shows green',
    flavours: ALL,
    plant: changeRequest(
      ({ path }) => path.startsWith('/Groups'),
      (body) => JSON.parse(JSON.stringify(body), withTypedMembersOnly) as JsonObject,
    ),
  },
  'members-not-shown': {
    report: 'ROSTR G4: a read of a group leaves its members out',
    flavours: ALL,
    plant: changeRecords('/Groups', (group) => without(group, 'members')),
  },
  'member-shown-twice': {
    report: 'idp-clients §1.6: adding a member who is there already gives two',
    flavours: ALL,
    plant: changeRecords('/Groups', (group) => {
      const members = asArray(group.members) ?? [];
      return { ...group, members: [...members, ...members.slice(0, 1)] };
    }),
  },
  'rename-ignored': {
    report: 'idp-clients §1.6: a new displayName is answered with success and not stored',
    flavours: ALL,
    plant: () => async (call, forward) => {
      const isRename = isGroup(call) && writtenValue(call, 'displayName') !== undefined;
      if (!isRename) return forward(call);
      if (call.method === 'PATCH') return answerWith(204, undefined);
      const { json } = await forward({ ...call, method: 'GET', body: undefined });
      return forward({ ...call, body: { ...asObject(call.body), displayName: member(json, 'displayName') ?? null } });
    },
  },
  'id-in-rename-refused': {
    report: 'quirk 7: the id inside the value of a rename is called an attempt to change it',
    flavours: PATCHES,
    plant: () => async (call, forward) =>
      call.method === 'PATCH' && isGroup(call) && writtenValue(call, 'id') !== undefined
        ? scimError(400, 'id is immutable.')
        : forward(call),
  },
  'empty-group-refused': {
    report: 'plan cases C9316, C9317: a group without members cannot be made',
    flavours: ALL,
    plant: () => async (call, forward) =>
      call.method === 'POST' && call.path === '/Groups' && asArray(member(call.body, 'members'))?.length === 0
        ? scimError(400, 'members must not be empty.')
        : forward(call),
  },
  'group-delete-ignored': {
    report: 'plan case C9318: a deleted group is still there',
    flavours: ALL,
    plant: () => async (call, forward) =>
      call.method === 'DELETE' && isGroup(call) ? answerWith(204, undefined) : forward(call),
  },
  'group-delete-takes-users-along': {
    report: 'plan case C9318: deleting a group deletes its members',
    flavours: ALL,
    plant: () => async (call, forward) => {
      if (call.method !== 'DELETE' || !isGroup(call)) return forward(call);
      const { json } = await forward({ ...call, method: 'GET' });
      for (const row of asArray(member(json, 'members')) ?? []) {
        await forward({ ...call, path: `/Users/${asText(member(row, 'value'))}` });
      }
      return forward(call);
    },
  },
} as const satisfies Record<string, Fault>;

function isFilteredRemove({ op, path }: JsonObject): boolean {
  return opOf({ op: op ?? null }) === 'remove' && typeof path === 'string' && path.startsWith('members[');
}

function withoutFullPush(operation: JsonObject): Json | undefined {
  return operation.op === 'replace' && valueIn(operation, 'members') !== undefined ? undefined : operation;
}

function removedIds({ method, body, path }: Call): string[] {
  if (method !== 'PATCH' || !path.startsWith('/Groups/')) return [];
  const paths = (asArray(member(body, 'Operations')) ?? []).map((each) => asText(member(each, 'path')) ?? '');
  return paths.flatMap((each) => /^members\[value eq "(.+)"\]$/.exec(each)?.[1] ?? []);
}

function cutToHundred(operation: Json): Json {
  const { value, ...rest } = asObject(operation) ?? {};
  if (Array.isArray(value)) return { ...rest, value: value.slice(0, 100) };
  const members = asArray(member(value, 'members'));
  if (members !== undefined) return { ...rest, value: { ...asObject(value), members: members.slice(0, 100) } };
  return operation;
}

/** Members are the objects in a list that have a `value`. */
function withTypedMembersOnly(_name: string, value: Json): Json {
  if (!Array.isArray(value)) return value;
  return value.filter(
    (row) =>
      typeof row !== 'object' ||
      member(row, 'value') === undefined ||
      member(row, 'op') !== undefined ||
      member(row, 'type') !== undefined,
  );
}
