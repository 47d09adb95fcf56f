import { asArray, asObject, asText, type Json, type JsonObject, member } from '../json.ts';
import { resourcesOf } from '../records.ts';
import {
  ALL,
  answerWith,
  type Call,
  changeRecords,
  eachRecord,
  type Fault,
  type Forward,
  isList,
  isUser,
  scimError,
  withJson,
  writtenActive,
} from './fault.ts';

/** Faults of an account's life: on, off, back again, and which account it is. */
export const ACCOUNT_FAULTS = {
  'deactivation-not-applied': {
    report: 'Metatavu#95, Cogtrix#122: the deactivation is answered with success, and the user keeps access',
    flavours: ALL,
    plant: () => async (call, forward) => {
      if (!isUser(call) || writtenActive(call) !== false) return forward(call);
      if (call.method === 'PATCH') return answerWith(200, { ...(await readUser(call, forward)), active: false });
      const answer = await forward({ ...call, body: { ...asObject(call.body), active: true } });
      return withJson(answer, { ...asObject(answer.json), active: false });
    },
  },
  'deactivation-deletes': {
    report: 'growthbook#1680: unassigning removes the user, who is made anew on reassignment',
    flavours: ALL,
    plant: () => async (call, forward) => {
      if (!isUser(call) || writtenActive(call) !== false) return forward(call);
      const last = await readUser(call, forward);
      await forward({ ...call, method: 'DELETE', body: undefined });
      return answerWith(200, { ...last, active: false });
    },
  },
  'reactivation-refused': {
    report: 'FusionAuth#3311: switching a user on again is answered 400',
    flavours: ALL,
    plant: () => async (call, forward) => {
      if (!isUser(call) || writtenActive(call) !== true) return forward(call);
      const { active } = await readUser(call, forward);
      return active === false ? scimError(400, 'This user cannot be changed.') : forward(call);
    },
  },
  'revive-refused': {
    report: 'better-auth#11111: a create that meets the inactive account is answered 409, a lockout for good',
    flavours: ALL,
    plant: () => async (call, forward) => {
      if (call.method !== 'POST' || call.path !== '/Users') return forward(call);
      const filter = `userName eq ${JSON.stringify(member(call.body, 'userName') ?? '')}`;
      const query = new URLSearchParams({ filter });
      const found = await forward({ method: 'GET', path: '/Users', query, body: undefined });
      const isTaken = (resourcesOf(found.json) ?? []).length > 0;
      return isTaken ? scimError(409, 'SCIM User externalId already exists') : forward(call);
    },
  },
  'lookup-hides-inactive': {
    report: 'growthbook#1680, sourcegraph#49325: the look-up by userName does not return inactive users',
    flavours: ALL,
    plant: () => async (call, forward) => {
      const answer = await forward(call);
      if (!isList(call) || !call.query.has('filter')) return answer;
      const kept = (resourcesOf(answer.json) ?? []).filter((record) => member(record, 'active') !== false);
      const numbers = { totalResults: kept.length, itemsPerPage: kept.length };
      return withJson(answer, { ...asObject(answer.json), ...numbers, Resources: kept });
    },
  },
  'id-changes-after-update': {
    report: 'plan case C9293, OneUptime#2134: after an update the account answers under another id',
    flavours: ALL,
    plant: () => {
      const changed = new Set<string>();
      return async (call, forward) => {
        const id = call.path.replace(/^\/Users\//, '').replace(/-2$/, '');
        const isUpdate = isUser(call) && (call.method === 'PUT' || call.method === 'PATCH');
        const answer = await forward(isUser(call) ? { ...call, path: `/Users/${id}` } : call);
        if (isUpdate) changed.add(id);
        if (!call.path.startsWith('/Users') || answer.json === undefined || answer.status >= 300) return answer;
        return withJson(
          answer,
          eachRecord(answer.json, (record) => renamed(record, changed)),
        );
      };
    },
  },
  'made-twice': {
    report: 'Infisical#6552, langwatch#616: one create leaves two records',
    flavours: ALL,
    plant: () => async (call, forward) => {
      const answer = await forward(call);
      if (call.method !== 'POST' || call.path !== '/Users' || answer.status !== 201) return answer;
      const twin = { ...asObject(call.body), userName: `copy.${member(answer.json, 'id')}`, externalId: null };
      await forward({ ...call, body: twin });
      return answer;
    },
  },
  'external-id-dropped': {
    report: 'grafana docs#105026, langwatch#616: externalId is not given back',
    flavours: ALL,
    plant: changeRecords('/Users', ({ externalId, ...kept }) => kept),
  },
  'active-as-text': {
    report: 'scimmy#86: active comes back as the text "true"',
    flavours: ALL,
    plant: changeRecords('/Users', (user) => ({ ...user, active: String(user.active) })),
  },
  'groups-of-user-wrong': {
    report: 'RFC 7643 §4.1.2: the groups that a user tells of are not those that list the user',
    flavours: ALL,
    plant: changeRecords('/Users', (user) => ({ ...user, groups: (asArray(user.groups) ?? []).slice(1) })),
  },
} as const satisfies Record<string, Fault>;

async function readUser(call: Call, forward: Forward): Promise<JsonObject> {
  const read = await forward({ ...call, method: 'GET', body: undefined });
  return asObject(read.json) ?? {};
}

function renamed(record: JsonObject, changed: ReadonlySet<string>): Json {
  const id = asText(record.id);
  return id !== undefined && changed.has(id) ? { ...record, id: `${id}-2` } : record;
}
