import { asText, type JsonObject, member } from '../json.ts';
import { resourcesOf } from '../records.ts';
import type { Okta } from './okta.ts';

export type Found =
  | { readonly kind: 'none' }
  | { readonly kind: 'one'; readonly id: string; readonly resource: JsonObject }
  | { readonly kind: 'problem'; readonly message: string };

export interface Lookup {
  readonly operation: string;
  readonly endpoint: '/Users' | '/Groups';
  readonly attribute: 'userName' | 'displayName';
  readonly value: string;
}

/**
 * The look-up before every create (idp-clients §1.4b, §1.6).
 *
 *     GET /Users?filter=userName eq "test.user@okta.local"&startIndex=1&count=100
 *
 * An empty list or a 404 is "not there". Okta links the one record it is given; this simulator looks at its name first,
 * because linking a stranger's account would overwrite it.
 */
export async function find(okta: Okta, { operation, endpoint, attribute, value }: Lookup): Promise<Found> {
  const filter = `${attribute} eq ${JSON.stringify(value)}`;
  const query = { filter, startIndex: 1, count: 100 };
  const { status, json, problem } = await okta.client.call({ operation, method: 'GET', path: endpoint, query });
  if (status === 404) return { kind: 'none' };
  if (problem !== undefined) return { kind: 'problem', message: problem };
  const records = resourcesOf(json);
  if (records === undefined) return { kind: 'problem', message: 'The look-up did not answer with a list.' };
  const [first, ...more] = records;
  if (first === undefined) return { kind: 'none' };
  if (more.length > 0)
    return { kind: 'problem', message: `The look-up found ${records.length} records for ${filter}.` };
  const id = asText(member(first, 'id'));
  const name = asText(member(first, attribute));
  if (id === undefined) return { kind: 'problem', message: `The look-up found a record without an id for ${filter}.` };
  if (name === undefined || foldName(name) !== foldName(value)) {
    return { kind: 'problem', message: `The look-up for ${filter} found ${JSON.stringify(name ?? null)} instead.` };
  }
  return { kind: 'one', id, resource: first as JsonObject };
}

/** As Okta compares usernames. */
export function foldName(name: string): string {
  return name.normalize('NFC').toUpperCase();
}
