import { asArray, asObject, type Json, member } from './json.ts';
import { ENTERPRISE } from './scim.ts';

/**
 * Where a provider's attribute lives in SCIM.
 *
 *     {at: 'user', name: 'title'}                                    title
 *     {at: 'part', of: 'name', name: 'givenName'}                    name.givenName
 *     {at: 'item', of: 'phoneNumbers', type: 'mobile', name:'value'} phoneNumbers[type eq "mobile"].value
 *     {at: 'primary', of: 'roles', name: 'value'}                    roles[primary eq "True"].value
 *     {at: 'extension', name: 'department'}                          urn:…:enterprise:2.0:User:department
 *     {at: 'extension', name: 'manager', part: 'value'}              urn:…:enterprise:2.0:User:manager.value
 */
export type Place =
  | { readonly at: 'user'; readonly name: string }
  | { readonly at: 'part'; readonly of: 'name'; readonly name: string }
  | { readonly at: 'item'; readonly of: ItemAttribute; readonly type: string; readonly name: string }
  | { readonly at: 'primary'; readonly of: 'roles'; readonly name: string }
  | { readonly at: 'extension'; readonly name: string; readonly part?: string };

type ItemAttribute = 'emails' | 'phoneNumbers' | 'addresses' | 'roles';

/** The attribute as a SCIM path, for sentences. */
export function pathOf(place: Place): string {
  if (place.at === 'user') return place.name;
  if (place.at === 'part') return `${place.of}.${place.name}`;
  if (place.at === 'item') return `${place.of}[type eq "${place.type}"].${place.name}`;
  // Entra writes the boolean as a text (idp-clients §2.2).
  if (place.at === 'primary') return `${place.of}[primary eq "True"].${place.name}`;
  return `${ENTERPRISE}:${place.name}${place.part === undefined ? '' : `.${place.part}`}`;
}

/** A resource under construction. */
export type Draft = { [name: string]: Json };

export function setAt(draft: Draft, place: Place, value: string): void {
  if (place.at === 'user') draft[place.name] = value;
  else if (place.at === 'part') within(draft, place.of)[place.name] = value;
  else if (place.at === 'item') itemOf(draft, place)[place.name] = value;
  else if (place.at === 'primary') primaryOf(draft, place.of)[place.name] = value;
  else if (place.part === undefined) within(draft, ENTERPRISE)[place.name] = value;
  else within(within(draft, ENTERPRISE), place.name)[place.part] = value;
}

type ItemPlace = Place & { readonly at: 'item' };

/** `"emails":[{"primary":true,"value":"…","type":"work"}]`: multi-valued even for one value; one e-mail is primary. */
function itemOf(draft: Draft, { of, type }: ItemPlace): Draft {
  const list = asArray(draft[of]) ?? [];
  const found = list.find((item) => asObject(item)?.type === type);
  if (found !== undefined) return found as Draft;
  const item: Draft = of === 'emails' && list.length === 0 ? { primary: true, type } : { type };
  draft[of] = [...list, item];
  return item;
}

/** `"roles":[{"primary":"True","value":"…"}]`: a text in a create, too (idp-clients §2.2). */
function primaryOf(draft: Draft, of: string): Draft {
  const [found] = asArray(draft[of]) ?? [];
  if (found !== undefined) return found as Draft;
  const item: Draft = { primary: 'True' };
  draft[of] = [item];
  return item;
}

function within(draft: Draft, name: string): Draft {
  const found = asObject(draft[name]);
  if (found !== undefined) return found as Draft;
  const made: Draft = {};
  draft[name] = made;
  return made;
}

/** What a resource has at a place, read apart from the code that writes there: the judge must not trust it. */
export function valuesAt(resource: Json, place: Place): Json[] {
  if (place.at === 'user') return present(member(resource, place.name));
  if (place.at === 'part') return present(member(member(resource, place.of), place.name));
  if (place.at === 'extension') {
    const value = member(member(resource, ENTERPRISE), place.name);
    return present(place.part === undefined ? value : member(value, place.part));
  }
  const items = asArray(member(resource, place.of)) ?? [];
  const meant = items.filter((item) =>
    place.at === 'item' ? member(item, 'type') === place.type : member(item, 'primary') === true,
  );
  return meant.flatMap((item) => present(member(item, place.name)));
}

function present(value: Json | undefined): Json[] {
  return value === undefined ? [] : [value];
}
