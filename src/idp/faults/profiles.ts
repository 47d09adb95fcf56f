import { Buffer } from 'node:buffer';
import { asArray, asObject, asText, type Json, type JsonObject, member } from '../json.ts';
import { ENTERPRISE } from '../scim.ts';
import {
  ALL,
  type Answer,
  type Call,
  changeOperations,
  changeRecords,
  changeRequest,
  eachRecord,
  type Fault,
  isUser,
  PATCHES,
  PUTS,
  scimError,
  withJson,
  without,
} from './fault.ts';

/** Faults of what is stored and shown of a person. */
export const PROFILE_FAULTS = {
  'user-name-lower-cased': {
    report: 'Okta SPEC suite, step 6: userName is stored in small letters instead of as it was sent',
    flavours: ALL,
    plant: changeRequest(writesUser, (body) =>
      typeof body.userName === 'string' ? { ...body, userName: body.userName.toLowerCase() } : body,
    ),
  },
  'emails-flattened': {
    report: 'idp-clients §1.4i: emails comes back as one object instead of a list',
    flavours: ALL,
    plant: changeRecords('/Users', (user) => ({ ...user, emails: asArray(user.emails)?.[0] ?? null })),
  },
  'primary-forgotten': {
    report: 'OD-faq: the element with primary true is the one Okta takes; the flag is not kept',
    flavours: ALL,
    plant: changeRecords('/Users', (user) => ({
      ...user,
      emails: (asArray(user.emails) ?? []).map((email) => without(asObject(email) ?? {}, 'primary')),
    })),
  },
  'put-drops-enterprise': {
    report: 'firezone spike: a PUT keeps the core attributes and loses the enterprise extension',
    flavours: PUTS,
    plant: changeRequest(
      (call) => call.method === 'PUT' && isUser(call),
      (body) => without(body, ENTERPRISE),
    ),
  },
  'patch-drops-enterprise': {
    report: 'ED-comp: a path-less PATCH ignores the keys of extensions',
    flavours: ['oin-patch'],
    plant: changeOperations(isUser, (operation) =>
      asObject(operation.value) === undefined
        ? operation
        : { ...operation, value: without(asObject(operation.value) ?? {}, ENTERPRISE) },
    ),
  },
  'emptied-attributes-stay': {
    report: 'plan case C9337: an attribute that was emptied in Okta keeps its old value in the app',
    flavours: ALL,
    plant: () => async (call, forward) => {
      if (!isUser(call)) return forward(call);
      if (call.method === 'PATCH') return forward({ ...call, body: withoutEmptying(call.body) });
      if (call.method !== 'PUT') return forward(call);
      const { json } = await forward({ ...call, method: 'GET', body: undefined });
      return forward({ ...call, body: { ...asObject(json), ...withoutBlanks(asObject(call.body) ?? {}) } });
    },
  },
  'stale-after-update': {
    report: 'ssoready#155: a read goes on showing what the user was at first',
    flavours: ALL,
    plant: () => {
      const first = new Map<string, Answer>();
      return async (call, forward) => {
        const answer = await forward(call);
        if (call.method !== 'GET' || !isUser(call) || answer.status !== 200) return answer;
        const kept = first.get(call.path) ?? answer;
        first.set(call.path, kept);
        return kept;
      };
    },
  },
  'stale-formatted-name': {
    report: 'firezone spike: the echoed name.formatted outlives the name it was made of',
    flavours: PUTS,
    plant: () => {
      const formatted = new Map<string, Json>();
      return async (call, forward) => {
        const sent = member(member(call.body, 'name'), 'formatted');
        if (call.method === 'PUT' && isUser(call) && sent !== undefined) formatted.set(call.path.slice(7), sent);
        const answer = await forward(call);
        if (!call.path.startsWith('/Users') || answer.json === undefined || answer.status >= 300) return answer;
        return withJson(
          answer,
          eachRecord(answer.json, (user) => withFormatted(user, formatted)),
        );
      };
    },
  },
  'unicode-recomposed': {
    report: 'Entra validator: values are compared byte for byte; this server normalises what it stores',
    flavours: ALL,
    plant: changeRequest(writesUser, (body) => JSON.parse(JSON.stringify(body).normalize('NFC')) as JsonObject),
  },
  'unicode-as-latin-1': {
    report: 'idp-clients §1.2: the body is read in another charset than the UTF-8 it says',
    flavours: ALL,
    plant: changeRequest(writesUser, (body) => {
      return JSON.parse(Buffer.from(JSON.stringify(body), 'utf8').toString('latin1')) as JsonObject;
    }),
  },
  'long-names-cut': {
    report: 'Okta plan C9334: attributes longer than a column are cut without a word',
    flavours: ALL,
    users: 22,
    plant: changeRecords('/Users', (user) => ({
      ...user,
      name: { ...asObject(user.name), familyName: (asText(member(user.name, 'familyName')) ?? '').slice(0, 100) },
    })),
  },
  'placeholder-password-refused': {
    report: 'zitadel#10009: the placeholder in every create fails the password policy, so nobody is provisioned',
    flavours: ALL,
    plant: () => async (call, forward) => {
      const password = asText(member(call.body, 'password'));
      const isWeak = call.method === 'POST' && password !== undefined && !/[A-Z].*\W|\W.*[A-Z]/.test(password);
      return isWeak ? scimError(400, 'The password does not meet the policy.') : forward(call);
    },
  },
  'password-shown': {
    report: 'langfuse#16027, RFC 7643 §7: what was sent as password comes back',
    flavours: ALL,
    plant: () => async (call, forward) => {
      const answer = await forward(call);
      const password = member(call.body, 'password');
      return password === undefined || answer.status !== 201
        ? answer
        : withJson(answer, { ...asObject(answer.json), password });
    },
  },
  'patch-not-implemented': {
    report: 'okta-blog-archive PR#1956: PATCH is answered 501, and Okta does not fall back to PUT',
    flavours: PATCHES,
    plant: () => async (call, forward) =>
      call.method === 'PATCH' ? scimError(501, 'patch-REPLACE-operation not supported') : forward(call),
  },
  'read-only-echo-refused': {
    report: 'idp-clients §1.4c: a PUT that echoes meta and groups, as Okta does, is answered 400',
    flavours: PUTS,
    plant: () => async (call, forward) =>
      call.method === 'PUT' && isUser(call) && member(call.body, 'meta') !== undefined
        ? scimError(400, 'meta is readOnly.')
        : forward(call),
  },
} as const satisfies Record<string, Fault>;

function writesUser({ method, path }: Call): boolean {
  return path.startsWith('/Users') && (method === 'POST' || method === 'PUT' || method === 'PATCH');
}

function withoutEmptying(body: Json | undefined): JsonObject {
  const operations = (asArray(member(body, 'Operations')) ?? []).filter((each) => member(each, 'op') !== 'remove');
  const kept = operations.map((each) => {
    const operation = asObject(each) ?? {};
    const value = asObject(operation.value);
    return value === undefined ? operation : { ...operation, value: withoutBlanks(value) };
  });
  return { ...asObject(body), Operations: kept };
}

function withoutBlanks(object: JsonObject): JsonObject {
  const isBlank = (value: Json): boolean => value === null || value === '' || asArray(value)?.length === 0;
  const kept = Object.entries(object).filter(([, value]) => !isBlank(value));
  return Object.fromEntries(
    kept.map(([name, value]) => [name, asObject(value) ? withoutBlanks(asObject(value) ?? {}) : value]),
  );
}

function withFormatted(user: JsonObject, formatted: ReadonlyMap<string, Json>): Json {
  const kept = formatted.get(asText(user.id) ?? '');
  return kept === undefined ? user : { ...user, name: { ...asObject(user.name), formatted: kept } };
}
