import type { EntraFlavour } from '../entra/flavour.ts';
import { ENTRA_FLAVOURS } from '../entra/flavour.ts';
import { asArray, asObject, asText, type Json, type JsonObject, member } from '../json.ts';
import { resourcesOf } from '../records.ts';
import { ENTERPRISE } from '../scim.ts';
import {
  answerWith,
  type Call,
  changeOperations,
  type Fault,
  isList,
  isUser,
  operationsOf,
  type Plant,
  scimError,
  withJson,
} from './fault.ts';

export const BOTH: readonly EntraFlavour[] = ENTRA_FLAVOURS;
export const CLASSIC: readonly EntraFlavour[] = ['classic'];
export const FLAGGED: readonly EntraFlavour[] = ['aadOptscim062020'];

/** What only Entra's way of writing users brings out. */
export const ENTRA_USER_FAULTS = {
  'text-false-refused': {
    report: 'scimmy#86, scim-for-keycloak#119: "False" is no boolean, so nobody is ever switched off',
    flavours: CLASSIC,
    plant: refuse(
      (call) => operationsOf(call).some(({ path, value }) => path === 'active' && typeof value === 'string'),
      'active must be true or false.',
    ),
  },
  'text-primary-refused': {
    report: 'SCIMServer run 26: "True" in roles[].primary of a create fails the schema, and 17 of 30 tests',
    flavours: BOTH,
    plant: refuse(
      ({ method, body }) =>
        method === 'POST' && (asArray(member(body, 'roles')) ?? []).some((role) => member(role, 'primary') === 'True'),
      'roles.primary must be a boolean.',
    ),
  },
  'capital-operation-refused': {
    report: 'quirk 2: "Replace" is not "replace"',
    flavours: CLASSIC,
    plant: refuse((call) => operationsOf(call).some(({ op }) => op === 'Replace'), '"Replace" is not an operation.'),
  },
  'add-of-single-value-refused': {
    report: 'sentry#79354, self-hosted#3573: "Add" of an attribute with one value is not a valid choice',
    flavours: CLASSIC,
    plant: refuse(
      (call) => isUser(call) && operationsOf(call).some(({ op }) => op === 'Add'),
      '"Add" is not a valid choice.',
    ),
  },
  'dotted-keys-ignored': {
    report: 'ED-comp: name.givenName as a key of a value without a path is answered with success and ignored',
    flavours: FLAGGED,
    plant: changeOperations(isUser, (operation) => withoutKeys(operation, (key) => /^name\./.test(key))),
  },
  'extension-keys-ignored': {
    report: 'ED-comp: urn:…:User:department as a key of a value without a path is ignored',
    flavours: FLAGGED,
    plant: changeOperations(isUser, (operation) => withoutKeys(operation, (key) => key.startsWith(ENTERPRISE))),
  },
  'many-keys-refused': {
    report: 'authentik#20410, #12321: a value with several attributes and no path is refused',
    flavours: FLAGGED,
    plant: refuse(
      (call) => operationsOf(call).some(({ path, value }) => path === undefined && keysOf(value).length > 1),
      'Only one attribute may be changed in an operation.',
    ),
  },
  'value-path-needs-target': {
    report: 'idp-clients §2.2: emails[type eq "other"].value on someone without one is noTarget, for ever',
    flavours: BOTH,
    plant: () => async (call, forward) => {
      const paths = operationsOf(call).map(({ path }) => /^(\w+)\[type eq "(\w+)"\]/.exec(asText(path) ?? ''));
      if (!isUser(call) || paths.every((path) => path === null)) return forward(call);
      const { json } = await forward({ ...call, method: 'GET', body: undefined });
      const misses = paths.some((path) => {
        const items = asArray(member(json, path?.[1] ?? '')) ?? [];
        return path !== null && !items.some((item) => member(item, 'type') === path[2]);
      });
      return misses ? scimError(400, 'noTarget') : forward(call);
    },
  },
  'manager-as-text-refused': {
    report: 'ED-scim: the manager is written as a text, and the server wants an object',
    flavours: CLASSIC,
    plant: refuse(
      (call) =>
        operationsOf(call).some(({ path, value }) => String(path).endsWith('manager') && typeof value === 'string'),
      'manager must be an object.',
    ),
  },
  'unknown-manager-refused': {
    report: 'idp-clients §2.2: the validator writes a manager whom nobody knows',
    flavours: BOTH,
    plant: refuse(
      ({ body }) => JSON.stringify(body ?? null).includes('nobody-7f'),
      'There is no user with the id "nobody-7f".',
    ),
  },
  'second-condition-ignored': {
    report: 'langwatch#616: of "id eq X and manager eq Y" only the first half is read, so every check says yes',
    flavours: BOTH,
    plant: changeFilter((filter) =>
      filter.includes(' and ') ? (/id eq "?[\w-]+"?/.exec(filter)?.[0] ?? filter) : filter,
    ),
  },
  'unquoted-value-refused': {
    report: 'langwatch#616, goauthentik#16852: a value without quotation marks is a syntax error',
    flavours: BOTH,
    plant: refuse(({ query }) => / eq [^"]/.test(query.get('filter') ?? ''), 'The filter has a syntax error.'),
  },
  'filter-on-user-name-only': {
    report: 'langwatch#616: a filter on anything but userName finds nothing, and everybody is made twice',
    flavours: BOTH,
    plant: () => async (call, forward) => {
      const filter = call.query.get('filter');
      if (!isList(call) || call.path !== '/Users' || filter === null || filter.startsWith('userName')) {
        return forward(call);
      }
      return emptied(await forward(call));
    },
  },
  'strangers-hidden-from-lookup': {
    report: 'onyx#8959: users who signed up by themselves are not found, and a create meets them with 409',
    flavours: BOTH,
    plant: () => {
      const strangers = new Set<string>();
      return async (call, forward) => {
        const answer = await forward(call);
        const isOurs = call.headers?.['user-agent'] === undefined;
        if (call.method === 'POST' && !isOurs) strangers.add(asText(member(answer.json, 'id')) ?? '');
        const found = resourcesOf(answer.json) ?? [];
        const hides =
          isOurs && isList(call) && found.some((record) => strangers.has(asText(member(record, 'id')) ?? ''));
        return hides ? emptied(answer) : answer;
      };
    },
  },
  'patch-after-lookup-404': {
    report: 'OneUptime#2134: whom the look-up finds the PATCH does not',
    flavours: BOTH,
    plant: () => async (call, forward) =>
      call.method === 'PATCH' && isUser(call) ? scimError(404, 'There is no such user.') : forward(call),
  },
  'emptying-ignored': {
    report: 'Microsoft gallery suite, test 16: "" and null are answered with success and clear nothing',
    flavours: BOTH,
    plant: changeOperations(isUser, (operation) =>
      operation.value === '' || operation.value === null ? undefined : operation,
    ),
  },
  'random-words-refused': {
    report: 'idp-clients §2.4: the validator sends a time zone that no registry knows',
    flavours: BOTH,
    plant: refuse(({ body }) => {
      const timezone = asText(member(body, 'timezone'));
      return timezone !== undefined && !timezone.includes('/');
    }, 'timezone is not an IANA time zone.'),
  },
  'deleted-name-stays-taken': {
    report: 'quirk 31: whoever was deleted and comes back is refused, because the name is taken',
    flavours: BOTH,
    plant: () => {
      const gone = new Set<string>();
      return async (call, forward) => {
        if (call.method === 'DELETE' && isUser(call)) {
          const { json } = await forward({ ...call, method: 'GET' });
          gone.add(asText(member(json, 'userName')) ?? '');
        }
        const isBack = call.method === 'POST' && gone.has(asText(member(call.body, 'userName')) ?? '-');
        return isBack ? scimError(409, 'This userName belongs to a deleted user.') : forward(call);
      };
    },
  },
  'delete-not-allowed': {
    report: 'authentik#13386, #20764: a verb that Entra uses is answered 405',
    flavours: BOTH,
    plant: refuse((call) => call.method === 'DELETE' && isUser(call), 'Method not allowed.', 405),
  },
  'second-delete-is-500': {
    report: "Microsoft's validator, preview tests: deleting twice is a crash instead of 404",
    flavours: BOTH,
    plant: () => async (call, forward) => {
      const answer = await forward(call);
      return call.method === 'DELETE' && answer.status === 404 ? scimError(500, 'Something went wrong.') : answer;
    },
  },
} as const satisfies Record<string, Fault<EntraFlavour>>;

/** Answers the requests that `match` with an error of its own. */
export function refuse(match: (call: Call) => boolean, detail: string, status = 400): () => Plant {
  return () => async (call, forward) => (match(call) ? scimError(status, detail) : forward(call));
}

function changeFilter(change: (filter: string) => string): () => Plant {
  return () => (call, forward) => {
    const filter = call.query.get('filter');
    if (filter === null) return forward(call);
    const query = new URLSearchParams(call.query);
    query.set('filter', change(filter));
    return forward({ ...call, query });
  };
}

function withoutKeys(operation: JsonObject, match: (key: string) => boolean): Json {
  const value = asObject(operation.value);
  if (operation.path !== undefined || value === undefined) return operation;
  return { ...operation, value: Object.fromEntries(Object.entries(value).filter(([key]) => !match(key))) };
}

function keysOf(value: Json | undefined): string[] {
  return Object.keys(asObject(value) ?? {});
}

function emptied(answer: Awaited<ReturnType<Plant>>): Awaited<ReturnType<Plant>> {
  if (answer.status !== 200) return answerWith(answer.status, answer.json);
  return withJson(answer, { ...asObject(answer.json), totalResults: 0, itemsPerPage: 0, Resources: [] });
}
