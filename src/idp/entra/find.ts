import { asText, member } from '../json.ts';
import { type Place, pathOf, valuesAt } from '../place.ts';
import { idOf, resourcesOf } from '../records.ts';
import type { Entra } from './entra.ts';

export type Found =
  | { readonly kind: 'none' }
  | { readonly kind: 'one'; readonly id: string }
  | { readonly kind: 'problem'; readonly message: string };

export interface Lookup {
  readonly endpoint: '/Users' | '/Groups';
  readonly place: Place;
  readonly value: string;
}

/**
 * The look-up by a matching attribute (idp-clients §2.1): no page, `+` for a space, and groups without their members.
 *
 *     GET /Users?filter=userName+eq+%22jyoung%40contoso.com%22
 *     GET /Users?filter=emails%5Btype+eq+%22work%22%5D.value+eq+%22jyoung%40contoso.com%22
 *     GET /Groups?excludedAttributes=members&filter=displayName+eq+%22Sales%22
 *
 * Nothing but 200 and an empty list is "not there". The record found is looked at before it is linked: to link a
 * stranger's account would overwrite it.
 */
export async function find({ client }: Entra, { endpoint, place, value }: Lookup): Promise<Found> {
  const isUser = endpoint === '/Users';
  const filter = `${pathOf(place)} eq ${JSON.stringify(value)}`;
  const query = isUser ? { filter } : { excludedAttributes: 'members', filter };
  const operation = isUser ? 'match user' : 'match group';
  const { json, problem } = await client.call({ operation, method: 'GET', path: endpoint, query });
  if (problem !== undefined) return { kind: 'problem', message: problem };
  const records = resourcesOf(json);
  if (records === undefined) return { kind: 'problem', message: 'The matching query was not answered with a list.' };
  const [first, ...more] = records;
  if (first === undefined) return { kind: 'none' };
  if (more.length > 0) {
    const message = `DuplicateTargetEntries. The matching query ${filter} found ${records.length} records.`;
    return { kind: 'problem', message };
  }
  const id = idOf(first);
  if (id === '') return { kind: 'problem', message: `The matching query ${filter} found a record without an id.` };
  const found = asText(valuesAt(first, place)[0]);
  if (found === undefined || fold(found) !== fold(value)) {
    const message = `The matching query ${filter} found ${JSON.stringify(found ?? null)} instead.`;
    return { kind: 'problem', message };
  }
  return { kind: 'one', id };
}

/**
 * The reference check before a manager is written (idp-clients §2.1, "Example 4"): either order, quoted or not.
 *
 *     GET /Users?filter=id+eq+%22{id}%22+and+manager+eq+%22{manager}%22&attributes=id
 */
export async function refersTo(
  { client, random }: Entra,
  { id, manager }: { id: string; manager: string },
): Promise<boolean | string> {
  const quoted = random() < 0.7;
  const conditions = [`id eq ${quoted ? `"${id}"` : id}`, `manager eq ${quoted ? `"${manager}"` : manager}`];
  const filter = (random() < 0.5 ? conditions : conditions.toReversed()).join(' and ');
  const query = { filter, attributes: 'id' };
  const request = { operation: 'check manager', method: 'GET', path: '/Users', query } as const;
  const { json, problem } = await client.call(request);
  if (problem !== undefined) return problem;
  const records = resourcesOf(json);
  if (records === undefined) return 'The reference check was not answered with a list.';
  return records.some((record) => member(record, 'id') === id);
}

function fold(name: string): string {
  return name.normalize('NFC').toUpperCase();
}
