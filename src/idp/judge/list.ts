import type { Exchange } from '../client.ts';
import { asArray, type Json, member, shown } from '../json.ts';
import { LIST } from '../scim.ts';
import type { Remark } from './exchange.ts';
import { inspectResource } from './resource.ts';

/**
 * The envelope of a list (RFC 7644 §3.4.2; idp-clients §1.5).
 *
 *     {"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
 *      "totalResults":201,"startIndex":101,"itemsPerPage":100,"Resources":[…]}
 *
 * Three integers, `startIndex` the one asked for, `itemsPerPage` the number returned, and a page as full as was asked.
 */
export function inspectList({ request, json }: Exchange, remark: Remark): void {
  const whole = ['totalResults', 'startIndex', 'itemsPerPage'].filter((name) => needInteger(json, name, remark));
  if (!asArray(member(json, 'schemas'))?.includes(LIST)) {
    remark('schemas of a list', { expected: LIST, found: shown(member(json, 'schemas')) });
  }
  const records = asArray(member(json, 'Resources'));
  if (records === undefined) {
    remark('Resources', { expected: 'a list', found: shown(member(json, 'Resources')) });
    return;
  }
  if (whole.length === 3) inspectNumbers(numbersOf(json), { asked: request.query, returned: records.length }, remark);
  for (const record of records) inspectResource(record, request, remark);
}

interface Numbers {
  readonly total: number;
  readonly startIndex: number;
  readonly itemsPerPage: number;
}

interface Asked {
  readonly asked: Exchange['request']['query'];
  readonly returned: number;
}

function inspectNumbers(
  { total, startIndex, itemsPerPage }: Numbers,
  { asked, returned }: Asked,
  remark: Remark,
): void {
  const from = Number(asked?.startIndex ?? 1);
  if (startIndex !== from) remark('startIndex', { expected: `${from}`, found: `${startIndex}` });
  if (itemsPerPage !== returned) remark('itemsPerPage', { expected: `${returned}`, found: `${itemsPerPage}` });
  const due = Math.max(0, Math.min(Number(asked?.count ?? returned), total - from + 1));
  if (returned !== due) remark('the length of a page', { expected: `${due} records`, found: `${returned}` });
}

function numbersOf(json: Json | undefined): Numbers {
  const number = (name: string): number => Number(member(json, name));
  return { total: number('totalResults'), startIndex: number('startIndex'), itemsPerPage: number('itemsPerPage') };
}

function needInteger(json: Json | undefined, name: string, remark: Remark): boolean {
  const value = member(json, name);
  if (Number.isInteger(value)) return true;
  remark(name, { expected: 'an integer', found: shown(value) });
  return false;
}
