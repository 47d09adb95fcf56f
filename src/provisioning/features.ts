import type { Features } from '../directory/index.ts';
import {
  ENTERPRISE_USER,
  type Filter,
  listResponse,
  type ResourceType,
  ScimError,
  type ScimRequest,
  type Target,
} from '../scim/index.ts';
import type { Reply } from './call.ts';
import type { Caller } from './caller.ts';

/** The types that an application offers, as discovery describes them: nothing in them says what is off. */
export function offeredTypes(types: readonly ResourceType[], features: Features): readonly ResourceType[] {
  const offered = types.filter(({ name }) => features.pushGroups || name !== 'Group');
  return features.syncPassword ? offered : offered.map(withoutPassword);
}

function withoutPassword(type: ResourceType): ResourceType {
  if (type.name !== 'User') return type;
  const attributes = type.schema.attributes.filter(({ name }) => name !== 'password');
  return { ...type, schema: { ...type.schema, attributes } };
}

/**
 * A write of a group where groups are not pushed. Who looks for one finds none, so that a provider which looks before it
 * pushes comes to this sentence.
 *
 * @throws ScimError 403; 404 for a group by its id
 */
export function refuseGroups(method: string, id: string | undefined): void {
  if (method !== 'GET' && method !== 'HEAD') {
    throw ScimError.forbidden(
      'This application takes no groups from identity providers: pushing groups is not part of its provisioning. Nothing was changed. Take the group out of those that are pushed (in Okta: Push Groups); people are provisioned without it.',
    );
  }
  if (id !== undefined) throw ScimError.notFound('There are no groups here: this application takes none.');
}

type Query = Extract<ScimRequest, { kind: 'query' }>;

/**
 * A list from which people could be imported, where that is off. Who is named by the filter is found all the same, and a
 * page of the first two is what Okta tests a connection with (idp-clients §1.4a): `GET /Users?startIndex=1&count=2`.
 *
 * @throws ScimError 403
 */
export function refuseImport(request: ScimRequest): void {
  if (request.kind !== 'query' || isTest(request)) return;
  const { selections } = request;
  if (selections.every(({ type, filter }) => type.declared !== undefined || (filter && namesOne(filter, type)))) return;
  throw ScimError.forbidden(
    'This application offers no import: its people and groups cannot be listed, only looked up one by one (by userName, externalId, id or e-mail; groups by displayName). Turn the import off in the identity provider (in Okta: Provisioning, Integration); people are provisioned without it.',
  );
}

const TEST_COUNT = 2;

function isTest({ selections, query }: Query): boolean {
  const isPlain = query.sorted === undefined && selections.every(({ filter }) => filter === undefined);
  return isPlain && query.after === undefined && query.startIndex === 1 && query.count <= TEST_COUNT;
}

/** Whether no more than one, or those who share an e-mail address, can match. */
function namesOne(filter: Filter<Target>, type: ResourceType): boolean {
  switch (filter.kind) {
    case 'and':
      return filter.terms.some((term) => namesOne(term, type));
    case 'or':
      return filter.terms.every((term) => namesOne(term, type));
    case 'compare':
      // `eq null` is everybody who has none.
      return filter.operator === 'eq' && filter.value !== null && isNaming(filter.path, type);
    case 'elements':
      return isEmails(filter.path) && namesValue(filter.filter);
    default:
      return false;
  }
}

function isNaming({ extension, attribute, sub }: Target, { name: type }: ResourceType): boolean {
  if (extension !== undefined) {
    return attribute.indexed === true || (extension === ENTERPRISE_USER.id && attribute.name === 'employeeNumber');
  }
  if (attribute.name === 'emails') return sub === undefined || sub.name === 'value';
  return attribute.name === 'id' || attribute.name === 'externalId' || attribute.name === NAMES.get(type);
}

const NAMES: ReadonlyMap<string, string> = new Map([
  ['User', 'userName'],
  ['Group', 'displayName'],
]);

function isEmails({ extension, attribute }: Target): boolean {
  return extension === undefined && attribute.name === 'emails';
}

/** Inside the brackets paths begin at the element. */
function namesValue(filter: Filter<Target>): boolean {
  if (filter.kind === 'and') return filter.terms.some(namesValue);
  if (filter.kind === 'or') return filter.terms.every(namesValue);
  if (filter.kind !== 'compare' || filter.operator !== 'eq' || filter.value === null) return false;
  return filter.path.attribute.name === 'value';
}

/** Whether it asks for groups alone, of which there are none where they are not pushed. */
export function asksForGroups(request: ScimRequest): request is Query {
  return request.kind === 'query' && request.selections.every(({ type }) => type.name === 'Group');
}

/** An import goes through such a list without an error. */
export function noGroups({ query }: Query, caller: Caller, used: ReadonlySet<string>): Reply {
  const { startIndex, ...list } = listResponse(0, query.startIndex, []);
  return {
    status: 200,
    headers: { 'content-type': 'application/scim+json' },
    // RFC 9865 §2: where a cursor pages, nothing is counted from the start.
    body: JSON.stringify(query.after === undefined ? { ...list, startIndex } : list),
    note: {
      directory: caller.directory.id,
      credential: caller.by.id,
      outcome: 'listed',
      ...(used.size === 0 ? {} : { rewrites: [...used] }),
    },
  };
}
