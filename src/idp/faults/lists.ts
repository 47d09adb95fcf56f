import { asArray, asObject, type Json, type JsonObject, member } from '../json.ts';
import {
  ALL,
  answerWith,
  type Call,
  changeReply,
  type Fault,
  type Forward,
  isList,
  isUser,
  scimError,
  withJson,
} from './fault.ts';

/** Faults of look-ups, pages and their numbers. */
export const LIST_FAULTS = {
  'total-as-text': {
    report: 'Okta SPEC suite, step 1: totalResults is a text',
    flavours: ALL,
    plant: changeList((list) => ({ ...list, totalResults: String(list.totalResults) })),
  },
  'total-is-page-size': {
    report: 'idp-clients §1.5: totalResults is the length of the page, so the import stops after one',
    flavours: ALL,
    plant: changeList((list) => ({ ...list, totalResults: recordsIn(list).length })),
  },
  'items-per-page-is-count': {
    report: 'idp-clients §1.5: itemsPerPage is the number asked for, not the number returned',
    flavours: ALL,
    plant: () => async (call, forward) => {
      const answer = await forward(call);
      if (!isList(call) || answer.json === undefined) return answer;
      return withJson(answer, { ...asObject(answer.json), itemsPerPage: Number(call.query.get('count') ?? 100) });
    },
  },
  'duplicate-row': {
    report: 'Infisical#6552: a join without a unique key gives one user twice and another not at all',
    flavours: ALL,
    plant: changeList((list) => {
      const [first, ...rest] = recordsIn(list);
      return first === undefined || rest.length === 0
        ? list
        : { ...list, Resources: [first, ...rest.slice(0, -1), first] };
    }),
  },
  'short-pages': {
    report: 'idp-clients §1.5: at most ten records a page, while Okta goes on in steps of 100',
    flavours: ALL,
    users: 12,
    plant: () => (call, forward) => {
      const count = Number(call.query.get('count') ?? 100);
      if (!isList(call) || count <= 10) return forward(call);
      return forward({ ...call, query: new URLSearchParams({ ...Object.fromEntries(call.query), count: '10' }) });
    },
  },
  'order-changes': {
    report: 'OD-ref: the order of records changes from one walk to the next',
    flavours: ALL,
    plant: () => {
      const reversed = new Map<string, boolean>();
      return async (call, forward) => {
        const answer = await forward(call);
        const isWalk = isList(call) && call.query.get('count') === '100' && !call.query.has('filter');
        if (!isWalk || answer.json === undefined) return answer;
        if (call.query.get('startIndex') === '1') reversed.set(call.path, !reversed.get(call.path));
        const records = recordsIn(asObject(answer.json) ?? {});
        const shown = reversed.get(call.path) ? records.toReversed() : records;
        return withJson(answer, { ...asObject(answer.json), Resources: shown });
      };
    },
  },
  'lookup-returns-everything': {
    report: 'langwatch#616: a filter that the server cannot read is left out',
    flavours: ALL,
    plant: () => (call, forward) => {
      const query = new URLSearchParams(call.query);
      query.delete('filter');
      return forward({ ...call, query });
    },
  },
  'lookup-miss-is-404': {
    report: 'Okta SPEC suite, steps 3 and 5: a look-up that finds nothing is answered 404',
    flavours: ALL,
    plant: () => async (call, forward) => {
      const answer = await forward(call);
      const isMiss = isList(call) && call.query.has('filter') && member(answer.json, 'totalResults') === 0;
      return isMiss ? scimError(404, 'There is no such user.') : answer;
    },
  },
  'lookup-minds-case': {
    report: 'Entra validator: the look-up by userName does not find another case',
    flavours: ALL,
    plant: () => async (call, forward) => {
      const answer = await forward(call);
      const value = /^userName eq (".*")$/.exec(call.query.get('filter') ?? '')?.[1];
      if (!isList(call) || value === undefined || answer.json === undefined) return answer;
      const kept = recordsIn(asObject(answer.json) ?? {}).filter(
        (user) => member(user, 'userName') === JSON.parse(value),
      );
      const numbers = { totalResults: kept.length, itemsPerPage: kept.length };
      return withJson(answer, { ...asObject(answer.json), ...numbers, Resources: kept });
    },
  },
  'past-the-end-is-404': {
    report: 'idp-clients §1.5: a page past the end is an error instead of empty',
    flavours: ALL,
    plant: () => async (call, forward) => {
      const answer = await forward(call);
      const isPast = Number(call.query.get('startIndex') ?? 1) > Number(member(answer.json, 'totalResults'));
      return isList(call) && isPast && !call.query.has('filter') && Number(call.query.get('startIndex')) > 1
        ? scimError(404, 'There is no such page.')
        : answer;
    },
  },
  'read-answers-list': {
    report: 'Stack Overflow 77524118: a read by id answers a list of one, and Okta puts that list back',
    flavours: ALL,
    plant: () => async (call, forward) =>
      call.method === 'GET' && isUser(call) ? listOfOne(call, forward) : forward(call),
  },
} as const satisfies Record<string, Fault>;

function changeList(change: (list: JsonObject) => Json) {
  return changeReply(
    (call, { status }) => isList(call) && status === 200,
    (json) => change(asObject(json) ?? {}),
  );
}

function recordsIn(list: JsonObject): readonly Json[] {
  return asArray(list.Resources) ?? [];
}

async function listOfOne(call: Call, forward: Forward) {
  const answer = await forward(call);
  if (answer.status !== 200 || answer.json === undefined) return answer;
  const numbers = { totalResults: 1, startIndex: 1, itemsPerPage: 1 };
  const schemas = ['urn:ietf:params:scim:api:messages:2.0:ListResponse'];
  return answerWith(200, { schemas, ...numbers, Resources: [answer.json] });
}
