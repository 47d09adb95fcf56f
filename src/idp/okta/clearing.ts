import { asArray, asObject, type Json, type JsonObject } from '../json.ts';
import type { Draft, Place } from '../place.ts';
import { ENTERPRISE } from '../scim.ts';

/**
 * How Okta writes an emptied attribute. What the real client does is not published (idp-clients §1.4c), a server must
 * take all three for "unset", so people take turns: left out, `""`, `null`.
 */
export type Clearing = 'omit' | 'empty' | 'null';

/** Empties the attribute if the draft has it; an attribute that was never there is not mentioned. */
export function clearAt(draft: Draft, place: Place, clearing: Clearing): void {
  if (place.at === 'user') emptied(draft, place.name, clearing);
  else if (place.at === 'part') emptiedIn(draft[place.of], place.name, clearing);
  else if (place.at === 'item') clearItem(draft, place, clearing);
  else if (place.at === 'primary') emptied(draft, place.of, clearing);
  else if (place.part === undefined) emptiedIn(draft[ENTERPRISE], place.name, clearing);
  else emptiedIn(asObject(draft[ENTERPRISE])?.[place.name], place.part, clearing);
}

type ItemPlace = Place & { readonly at: 'item' };

function clearItem(draft: Draft, place: ItemPlace, clearing: Clearing): void {
  const list = asArray(draft[place.of]);
  if (list === undefined) return;
  for (const item of list) if (asObject(item)?.type === place.type) emptiedIn(item, place.name, clearing);
  const kept = list.filter((item) => !isBlank(asObject(item)));
  if (kept.length > 0) draft[place.of] = kept;
  else if (clearing === 'omit') delete draft[place.of];
  else draft[place.of] = clearing === 'null' ? null : [];
}

/** Only `type` and `primary` are left. */
function isBlank(item: JsonObject | undefined): boolean {
  return Object.entries(item ?? {}).every(
    ([name, value]) => name === 'type' || name === 'primary' || value === '' || value === null,
  );
}

function emptiedIn(parent: Json | undefined, name: string, clearing: Clearing): void {
  const draft = asObject(parent);
  if (draft !== undefined) emptied(draft as Draft, name, clearing);
}

function emptied(draft: Draft, name: string, clearing: Clearing): void {
  if (!Object.hasOwn(draft, name)) return;
  if (clearing === 'omit') delete draft[name];
  else draft[name] = clearing === 'null' ? null : '';
}
