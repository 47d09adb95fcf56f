import type { Expected, Given, Sent } from './case.ts';

export const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
export const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group';
export const ENT = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
/** An id that nobody has. */
export const NOBODY = '00000000-0000-4000-8000-000000000000';
const MESSAGE = 'urn:ietf:params:scim:api:messages:2.0:';

type Headers = Readonly<Record<string, string | null>>;

export function get(path: string, headers: Headers = {}): Sent {
  return { method: 'GET', path, headers };
}
export function post(path: string, body: unknown, headers: Headers = {}): Sent {
  return { method: 'POST', path, body, headers };
}
export function put(path: string, body: unknown, headers: Headers = {}): Sent {
  return { method: 'PUT', path, body, headers };
}
/** `patch('/Users/{{bob.id}}', { op: 'replace', path: 'title', value: 'Boss' }, …)` */
export function patch(path: string, ...operations: readonly unknown[]): Sent {
  return { method: 'PATCH', path, body: { schemas: [`${MESSAGE}PatchOp`], Operations: operations } };
}
export function del(path: string, headers: Headers = {}): Sent {
  return { method: 'DELETE', path, headers };
}
/** `bulk([{ method: 'POST', path: '/Users', bulkId: 'q', data: user('bob') }], { failOnErrors: 1 })` */
export function bulk(operations: unknown, more: Readonly<Record<string, unknown>> = {}): Sent {
  return post('/Bulk', { schemas: [`${MESSAGE}BulkRequest`], Operations: operations, ...more });
}
/** `POST /Users/.search` */
export function search(endpoint: string, asked: Readonly<Record<string, unknown>> = {}): Sent {
  return post(`${endpoint}/.search`, { schemas: [`${MESSAGE}SearchRequest`], ...asked });
}
/** A request whose body is text as it stands. */
export function raw(method: string, path: string, text: string, headers: Headers = {}): Sent {
  return { method, path, text, headers };
}
/** `GET /Users?filter=…`, encoded. */
export function filtered(endpoint: string, filter: string, more = ''): Sent {
  return get(`${endpoint}?filter=${encodeFilter(filter)}${more}`);
}

/** The body of a user: `user('bob', { title: 'Boss' })`. */
export function user(userName: string, attributes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return { schemas: ENT in attributes ? [USER, ENT] : [USER], userName, ...attributes };
}
export function group(displayName: string, ...memberIds: readonly string[]): Record<string, unknown> {
  return { schemas: [GROUP], displayName, members: memberIds.map((value) => ({ value })) };
}
/** Given: a user called by its userName: `aUser('bob')` → `{{bob.id}}`. */
export function aUser(userName: string, attributes: Readonly<Record<string, unknown>> = {}): Given {
  return { ...post('/Users', user(userName, attributes)), as: userName };
}
/** Given: a group called `as`: `aGroup('staff', '{{bob.id}}')` → `{{staff.id}}`. */
export function aGroup(as: string, ...memberIds: readonly string[]): Given {
  return { ...post('/Groups', group(as, ...memberIds)), as };
}

/** `E(400, 'invalidValue', /userName/)`: a SCIM error, whose detail says this. Without scimType it has none. */
export function E(status: number, scimType = '{{absent}}', detail: string | RegExp = '{{any}}'): Expected {
  return { status, body: { scimType, detail } };
}
export function ok(body: unknown = {}): Expected {
  return { status: 200, body };
}
export function created(body: unknown = {}): Expected {
  return { status: 201, body };
}
/** 200 and a BulkResponse with one result for each, in this order: `told({ status: '201', version: /^W/ }, …)`. */
export function told(...results: readonly unknown[]): Expected {
  return { status: 200, body: { schemas: [`${MESSAGE}BulkResponse`], Operations: results } };
}
/** The result of an operation of a bulk that was refused. */
export function refused(status: number, scimType = '{{absent}}', detail: string | RegExp = '{{any}}'): object {
  return {
    status: String(status),
    version: '{{absent}}',
    response: { schemas: [`${MESSAGE}Error`], status: String(status), scimType, detail },
  };
}
export const NO_CONTENT: Expected = { status: 204, body: '' };

/** 200 and these users in any order, by userName, and no others: `found('bob', 'eve')`. */
export function found(...userNames: readonly string[]): Expected {
  return foundBy('userName', userNames, '{{in any order}}');
}
/** The same in this order. */
export function foundInOrder(...userNames: readonly string[]): Expected {
  return foundBy('userName', userNames);
}
/** Groups, by displayName, in any order. */
export function foundGroups(...displayNames: readonly string[]): Expected {
  return foundBy('displayName', displayNames, '{{in any order}}');
}

function foundBy(name: string, values: readonly string[], ...first: readonly string[]): Expected {
  return {
    status: 200,
    body: { totalResults: values.length, Resources: [...first, ...values.map((value) => ({ [name]: value }))] },
  };
}

/** Words such as `{{bob.id}}` are filled in later, so they are left as they are. */
function encodeFilter(filter: string): string {
  return filter
    .split(/(\{\{[^}]*\}\})/)
    .map((piece, index) => (index % 2 === 1 ? piece : encodeURIComponent(piece)))
    .join('');
}
