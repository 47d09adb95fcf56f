import type { EntraFlavour } from '../entra/flavour.ts';
import { asArray, asObject, type Json, type JsonObject, member } from '../json.ts';
import { GROUP } from '../scim.ts';
import { BOTH, CLASSIC, refuse } from './entra-users.ts';
import {
  answerWith,
  changeOperations,
  changeReply,
  type Fault,
  isGroup,
  isUser,
  operationsOf,
  opOf,
  writtenActive,
} from './fault.ts';

/** What only Entra's groups bring out, and its way of connecting. */
export const ENTRA_SERVICE_FAULTS = {
  'listed-remove-clears-all': {
    report: 'segment-docs#6726: Remove of members with a list of one removes everybody',
    flavours: CLASSIC,
    plant: changeOperations(isGroup, (operation) =>
      isListedRemove(operation) ? { op: 'Remove', path: 'members' } : operation,
    ),
  },
  'listed-remove-ignored': {
    report: 'open-webui#30074: Remove of members with a list is answered with success and removes nobody',
    flavours: CLASSIC,
    plant: changeOperations(isGroup, (operation) => (isListedRemove(operation) ? undefined : operation)),
  },
  'replace-of-members-refused': {
    report: 'scim-for-keycloak#144: replace of members is not implemented',
    flavours: BOTH,
    plant: refuse(
      (call) => isGroup(call) && operationsOf(call).some((each) => opOf(each) === 'replace' && each.path === 'members'),
      'replace of members is not implemented.',
      501,
    ),
  },
  'excluded-members-shown': {
    report: 'quirk 33: a group that is read without its members comes with all of them',
    flavours: BOTH,
    plant: () => (call, forward) => {
      const query = new URLSearchParams(call.query);
      query.delete('excludedAttributes');
      return forward({ ...call, query });
    },
  },
  'unknown-schema-refused': {
    report: 'quirk 27: the second URN of a group, which is nobody’s schema, is refused',
    flavours: BOTH,
    plant: refuse(
      ({ method, body }) => method === 'POST' && JSON.stringify(body ?? null).includes('/ADSCIM/2.0/Group'),
      'The schema of this group is not known.',
    ),
  },
  'deactivation-ends-memberships': {
    report: 'ED-how: memberships are not sent again on a restore, and this server ends them with the deactivation',
    flavours: BOTH,
    plant: () => async (call, forward) => {
      const answer = await forward(call);
      if (!isUser(call) || writtenActive(call) !== false) return answer;
      const { json } = await forward({ ...call, method: 'GET', body: undefined });
      for (const group of asArray(member(json, 'groups')) ?? []) {
        const path = `members[value eq "${call.path.split('/')[2]}"]`;
        const body = { schemas: [PATCH_OP], Operations: [{ op: 'remove', path }] };
        await forward({ ...call, method: 'PATCH', path: `/Groups/${member(group, 'value')}`, body });
      }
      return answer;
    },
  },
  'scim-json-not-read': {
    report: 'langfuse#8064: a body of application/scim+json is not parsed, and empty',
    flavours: BOTH,
    plant: () => (call, forward) => forward(call.body === undefined ? call : { ...call, body: {} }),
  },
  'user-agent-needed': {
    report: 'quirk 18: a firewall turns away whoever sends no User-Agent',
    flavours: BOTH,
    plant: () => async (call, forward) => {
      if (call.headers?.['user-agent'] !== undefined) return forward(call);
      return { status: 403, headers: { 'content-type': 'text/html' }, text: '<h1>Forbidden</h1>', json: undefined };
    },
  },
  'flag-in-query-refused': {
    report: 'idp-clients §2.2: the flag of the Tenant URL is a query parameter that the server does not know',
    flavours: ['aadOptscim062020'],
    plant: refuse(({ query }) => query.has('aadOptscim062020'), 'There is no parameter aadOptscim062020.'),
  },
  'schemas-without-group': {
    report: 'Microsoft gallery suite: FAILED when /Schemas has no Group',
    flavours: BOTH,
    plant: changeSchemas((schemas) => schemas.filter((schema) => member(schema, 'id') !== GROUP)),
  },
  'schemas-read-only': {
    report: 'sourcegraph#62185: attributes are declared readOnly, and Entra’s "Test Schema" fails',
    flavours: BOTH,
    plant: changeSchemas((schemas) =>
      schemas.map((schema) => ({
        ...asObject(schema),
        attributes: (asArray(member(schema, 'attributes')) ?? []).map(
          (attribute): Json => ({ ...asObject(attribute), mutability: 'readOnly' }),
        ),
      })),
    ),
  },
  'schemas-with-null': {
    report: 'better-auth#10416: members of /Schemas are null',
    flavours: BOTH,
    plant: changeSchemas((schemas) =>
      schemas.map((schema) => ({
        ...asObject(schema),
        attributes: (asArray(member(schema, 'attributes')) ?? []).map(
          (attribute): Json => ({ ...asObject(attribute), referenceTypes: null }),
        ),
      })),
    ),
  },
  'schemas-is-a-bare-list': {
    report: 'idp-clients §2.1: /Schemas must be a ListResponse',
    flavours: BOTH,
    plant: () => async (call, forward) => {
      const answer = await forward(call);
      return call.path === '/Schemas' ? answerWith(200, member(answer.json, 'Resources') ?? []) : answer;
    },
  },
} as const satisfies Record<string, Fault<EntraFlavour>>;

const PATCH_OP = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

function isListedRemove(operation: JsonObject): boolean {
  return opOf(operation) === 'remove' && operation.path === 'members' && operation.value !== undefined;
}

function changeSchemas(change: (schemas: readonly Json[]) => readonly Json[]) {
  return changeReply(
    ({ path }, { status }) => path === '/Schemas' && status === 200,
    (json) => ({ ...asObject(json), Resources: change(asArray(member(json, 'Resources')) ?? []) }),
  );
}
