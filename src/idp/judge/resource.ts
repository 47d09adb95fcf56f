import type { ScimRequest } from '../client.ts';
import { asArray, asText, type Json, member, shown } from '../json.ts';
import { GROUP, USER } from '../scim.ts';
import type { Remark } from './exchange.ts';

/**
 * What every User and Group must look like, whosever it is (RFC 7643 §3, §4; idp-clients §1.10), as far as it was asked
 * for: `attributes` leaves `id` and `schemas`, and what `excludedAttributes` names stays out (RFC 7644 §3.9).
 */
export function inspectResource(resource: Json, { path, query }: Asked, remark: Remark): void {
  if (!/^\/(Users|Groups)\b/.test(path)) return;
  const type = path.startsWith('/Groups') ? 'Group' : 'User';
  for (const name of namesIn(query?.excludedAttributes)) {
    const found = member(resource, name);
    if (found !== undefined) remark(name, { expected: 'nothing, as excludedAttributes asks', found: shown(found) });
  }
  const urn = type === 'User' ? USER : GROUP;
  if (!asArray(member(resource, 'schemas'))?.includes(urn)) {
    remark('schemas', { expected: urn, found: shown(member(resource, 'schemas')) });
  }
  inspectId(resource, type, remark);
  if (query?.attributes !== undefined) return;
  const kind = member(member(resource, 'meta'), 'resourceType');
  if (kind !== type) remark('meta.resourceType', { expected: shown(type), found: shown(kind) });
  if (type === 'User') inspectUser(resource, remark);
  else needText(resource, 'displayName', remark);
}

type Asked = Pick<ScimRequest, 'path' | 'query'>;

function namesIn(list: string | number | undefined): string[] {
  return list === undefined ? [] : String(list).split(',');
}

function inspectId(resource: Json, type: string, remark: Remark): void {
  const id = asText(member(resource, 'id')) ?? '';
  if (id === '') {
    remark('id', { expected: 'text', found: shown(member(resource, 'id')) });
    return;
  }
  // RFC 7643 §3.1: "bulkId" is a reserved keyword.
  if (id.includes('bulkId')) remark('id', { expected: 'an id without "bulkId"', found: shown(id) });
  const location = asText(member(member(resource, 'meta'), 'location'));
  if (location !== undefined && !location.endsWith(`/${type}s/${encodeURIComponent(id)}`)) {
    remark('meta.location', { expected: `an address that ends in /${type}s/{id}`, found: shown(location) });
  }
}

const LISTS = ['emails', 'phoneNumbers', 'addresses', 'groups', 'roles', 'entitlements'] as const;

function inspectUser(resource: Json, remark: Remark): void {
  needText(resource, 'userName', remark);
  const active = member(resource, 'active');
  if (typeof active !== 'boolean') remark('active', { expected: 'true or false', found: shown(active) });
  for (const name of LISTS) {
    const value = member(resource, name);
    if (value !== undefined && !Array.isArray(value)) remark(name, { expected: 'a list', found: shown(value) });
  }
  // RFC 7643 §7: `returned: never`. Not even to whoever sent it.
  if (member(resource, 'password') !== undefined) remark('password', { expected: 'nothing', found: 'a password' });
}

function needText(resource: Json, name: string, remark: Remark): void {
  if ((asText(member(resource, name)) ?? '') === '') {
    remark(name, { expected: 'text', found: shown(member(resource, name)) });
  }
}
