import type { Exchange } from '../client.ts';
import { asArray, asText, type Json, member, shown } from '../json.ts';
import type { Ledger } from '../ledger.ts';
import { retryAfterSeconds } from '../retry-after.ts';
import { ERROR } from '../scim.ts';
import { inspectList } from './list.ts';
import { inspectResource } from './resource.ts';

/** What one reply says to whoever reads it: the kind of call, and what is wrong with the reply. */
export type Remark = (attribute: string, sides: { expected: string; found: string }) => void;

/** Holds every reply of a run against the protocol, whatever the call was for. */
export function inspectExchange(ledger: Ledger, exchange: Exchange): void {
  if (exchange.status === 0) return;
  const { request, status, text, json } = exchange;
  const who = `${request.method} ${request.path.replace(/^(\/\w+)\/.+$/, '$1/{id}')} → ${status}`;
  const remark: Remark = (attribute, sides) => ledger.remark(who, attribute, sides);
  if (status === 204) {
    if (text !== '') remark('the body of a 204', { expected: 'empty', found: shown(text) });
    if (request.method === 'PUT') remark('the reply to a PUT', { expected: 'the whole record', found: 'no body' });
    return;
  }
  inspectContentType(exchange, remark);
  if (json === undefined) {
    remark('the body', { expected: 'JSON', found: text === '' ? 'nothing' : shown(text.slice(0, 60)) });
  } else if (status >= 400) {
    inspectError(exchange, remark);
  } else if (request.method === 'GET' && isCollection(request.path)) {
    inspectList(exchange, remark);
  } else {
    if (status === 201) inspectCreated(exchange, remark);
    inspectResource(json, request, remark);
    inspectIdentity(exchange, remark);
  }
}

function isCollection(path: string): boolean {
  return !/^\/\w+\/./.test(path);
}

/** RFC 7644 §3.1, §8.1. */
function inspectContentType({ headers }: Exchange, remark: Remark): void {
  const found = headers['content-type'];
  if (found !== undefined && /^application\/scim\+json\b/i.test(found)) return;
  remark('Content-Type', { expected: 'application/scim+json', found: shown(found) });
}

/** RFC 7644 §3.12: `schemas`, `status` as a string, and a `detail` that the customer's administrator reads verbatim. */
function inspectError({ status, headers, json }: Exchange, remark: Remark): void {
  if (!asArray(member(json, 'schemas'))?.includes(ERROR)) {
    remark('schemas of an error', { expected: ERROR, found: shown(member(json, 'schemas')) });
  }
  if (member(json, 'status') !== String(status)) {
    remark('status of an error', { expected: `"${status}"`, found: shown(member(json, 'status')) });
  }
  if ((asText(member(json, 'detail')) ?? '').trim() === '') {
    remark('detail of an error', { expected: 'a sentence', found: shown(member(json, 'detail')) });
  }
  if (status === 401 && headers['www-authenticate'] === undefined) {
    remark('WWW-Authenticate', { expected: 'a challenge', found: 'nothing' }); // RFC 9110 §15.5.2
  }
  if (status === 429 && retryAfterSeconds(headers['retry-after']) === undefined) {
    remark('Retry-After', { expected: 'whole seconds', found: shown(headers['retry-after']) });
  }
}

/** RFC 7644 §3.3: 201 with Location, equal to `meta.location`. */
function inspectCreated({ headers, json }: Exchange, remark: Remark): void {
  const location = headers.location;
  const stated = asText(member(member(json, 'meta'), 'location'));
  if (location === undefined) remark('Location', { expected: 'the address of the new record', found: 'nothing' });
  else if (stated !== undefined && stated !== location) {
    remark('meta.location', { expected: shown(location), found: shown(stated) });
  }
}

/** A reply about `/Users/{id}` is about that id (RFC 7643 §3.1: stable, never reassigned). */
function inspectIdentity({ request, json }: Exchange, remark: Remark): void {
  const asked = /^\/\w+\/([^/?]+)$/.exec(request.path)?.[1];
  const found: Json | undefined = member(json, 'id');
  if (asked !== undefined && found !== asked) remark('id', { expected: shown(asked), found: shown(found) });
}
