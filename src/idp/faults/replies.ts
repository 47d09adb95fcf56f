import { asObject, member } from '../json.ts';
import {
  ALL,
  type Answer,
  answerWith,
  changeReply,
  type Fault,
  isGroup,
  isUser,
  PUTS,
  scimError,
  withJson,
  without,
} from './fault.ts';

/** Faults of the reply as such: its status, its headers, its being JSON at all. */
export const REPLY_FAULTS = {
  'errors-in-plain-text': {
    report: 'Metatavu#100: Okta shows "Unrecognized token", and the cause is hidden',
    flavours: ALL,
    plant: () => async (call, forward) => {
      const answer = await forward(call);
      return answer.status >= 400 ? plain(answer.status, 'Unsupported operation') : answer;
    },
  },
  'html-502': {
    report: 'ROSTR: now and then a gateway answers for the server, with a page',
    flavours: ALL,
    plant: () => {
      let calls = 0;
      return async (call, forward) => {
        calls++;
        if (calls % 23 !== 0) return forward(call);
        return page(502, '<html><head><title>502 Bad Gateway</title></head></html>');
      };
    },
  },
  'unauthorized-in-plain-text': {
    report: 'idp-clients §1.9: a 401 without JSON, as a web framework sends it',
    flavours: ALL,
    plant: () => async (call, forward) => {
      const answer = await forward(call);
      return answer.status === 401 ? plain(401, 'Unauthorized') : answer;
    },
  },
  'every-token-accepted': {
    report: 'plan case C9340: a wrong credential passes the test',
    flavours: ALL,
    plant: () => async (call, forward) => {
      const answer = await forward(call);
      return answer.status === 401 ? emptyList() : answer;
    },
  },
  'error-status-as-number': {
    report: 'RFC 7644 §3.12: the status in an error body is a number',
    flavours: ALL,
    plant: changeReply(
      (_call, { status }) => status >= 400,
      (json) => ({ ...asObject(json), status: Number(member(json, 'status')) }),
    ),
  },
  'unknown-id-is-400': {
    report: 'Okta SPEC suite, steps 4 and 12: an id that no record has is answered 400',
    flavours: ALL,
    plant: () => async (call, forward) => {
      const answer = await forward(call);
      return answer.status === 404 ? scimError(400, 'This is not an id.') : answer;
    },
  },
  'created-without-location': {
    report: 'RFC 7644 §3.3: 201 without a Location header',
    flavours: ALL,
    plant: () => async (call, forward) => {
      const answer = await forward(call);
      if (answer.status !== 201) return answer;
      const { location, ...headers } = answer.headers;
      return { ...answer, headers };
    },
  },
  'created-without-id': {
    report: 'OD-ref: a create whose reply has no id cannot be linked',
    flavours: ALL,
    plant: changeReply(
      (_call, { status }) => status === 201,
      (json) => without(asObject(json) ?? {}, 'id'),
    ),
  },
  'created-without-body': {
    report: 'OD-ref: "Create new user returned empty user."',
    flavours: ALL,
    plant: () => async (call, forward) => {
      const answer = await forward(call);
      return answer.status === 201 ? { ...answer, text: '', json: undefined } : answer;
    },
  },
  'created-differs-from-read': {
    report: 'Infisical PR#5947: two serializers; the create shows another record than the read',
    flavours: ALL,
    plant: changeReply(
      ({ path }, { status }) => status === 201 && path === '/Users',
      (json) => ({ ...asObject(json), displayName: 'Shown by another serializer' }),
    ),
  },
  'put-answers-204': {
    report: 'idp-clients §1.4c: a PUT is answered without the record',
    flavours: PUTS,
    plant: () => async (call, forward) => {
      const answer = await forward(call);
      const isPut = call.method === 'PUT' && (isUser(call) || isGroup(call)) && answer.status === 200;
      return isPut ? { status: 204, headers: {}, text: '', json: undefined } : answer;
    },
  },
  'content-type-text': {
    report: 'RFC 7644 §8.1: replies say text/html',
    flavours: ALL,
    plant: () => async (call, forward) => {
      const answer = await forward(call);
      return { ...answer, headers: { ...answer.headers, 'content-type': 'text/html; charset=utf-8' } };
    },
  },
  'retry-after-as-date': {
    report: 'idp-clients §1.9: a 429 with a date, which Okta does not read: it pauses for five minutes',
    flavours: ALL,
    plant: () => {
      let calls = 0;
      return async (call, forward) => {
        if (++calls !== 40) return forward(call);
        const headers = { 'retry-after': new Date(Date.now() + 1000).toUTCString() };
        return {
          ...scimError(429, 'Too many requests.'),
          headers: { 'content-type': 'application/scim+json', ...headers },
        };
      };
    },
  },
  'meta-missing': {
    report: 'RFC 7643 §3.1: records come without meta',
    flavours: ALL,
    plant: changeReply(
      (call, { status }) => call.method === 'GET' && isUser(call) && status === 200,
      (json) => without(asObject(json) ?? {}, 'meta'),
    ),
  },
} as const satisfies Record<string, Fault>;

function plain(status: number, text: string): Answer {
  return { status, headers: { 'content-type': 'text/plain' }, text, json: undefined };
}

function page(status: number, text: string): Answer {
  return { status, headers: { 'content-type': 'text/html' }, text, json: undefined };
}

function emptyList(): Answer {
  const schemas = ['urn:ietf:params:scim:api:messages:2.0:ListResponse'];
  return withJson(answerWith(200, null), { schemas, totalResults: 0, startIndex: 1, itemsPerPage: 0, Resources: [] });
}
