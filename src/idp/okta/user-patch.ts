import { asArray, type JsonObject } from '../json.ts';
import { patchOf } from '../patch-op.ts';
import { type Draft, type Place, pathOf, setAt } from '../place.ts';
import { ENTERPRISE } from '../scim.ts';
import type { Clearing } from './clearing.ts';
import { MAPPINGS, type Mapping } from './mapping.ts';
import type { Profile } from './profile.ts';

/** `{"schemas":["urn:…:PatchOp"],"Operations":[{"op":"replace","value":{"active":false}}]}`: no path (§1.4d). */
export function activePatch(active: boolean): JsonObject {
  return patchOf([{ op: 'replace', value: { active } }]);
}

/** The shape follows `active`; the exact bytes of Okta's password sync are not published (§1.4g). */
export function passwordPatch(password: string): JsonObject {
  return patchOf([{ op: 'replace', value: { password } }]);
}

export interface ProfileEdit {
  readonly before: Profile | undefined;
  readonly after: Profile;
  readonly clearing: Clearing;
  /** Those of the default template when absent. */
  readonly mappings?: readonly Mapping[];
  /** Sent along when an account is linked. */
  readonly also?: JsonObject;
}

/**
 * What changed, in one path-less replace; lists whole, because a path-less replace replaces the attribute.
 *
 *     {"schemas":["urn:…:PatchOp"],"Operations":[
 *       {"op":"replace","value":{"name":{"givenName":"Zoë"},"urn:…:enterprise:2.0:User":{"department":"R&D"}}},
 *       {"op":"remove","path":"nickName"}]}
 *
 * An emptied attribute is removed by path, or set to `""` or `null`: see {@link Clearing}. Undefined when nothing changed.
 */
export function profilePatch(edit: ProfileEdit): JsonObject | undefined {
  const { before, after, clearing, mappings = MAPPINGS, also = {} } = edit;
  const changed = mappings.filter(({ okta }) => before?.[okta] !== after[okta]);
  const value: Draft = { ...also };
  const removed = new Set<string>();
  for (const mapping of changed) {
    const text = after[mapping.okta];
    if (mapping.place.at === 'item') setList(value, removed, { of: mapping.place.of, after, clearing, mappings });
    else if (text !== undefined) setAt(value, mapping.place, text);
    else if (clearing === 'omit') removed.add(removalPath(mapping.place));
    else setEmptied(value, mapping, clearing);
  }
  const replaces = Object.keys(value).length === 0 ? [] : [{ op: 'replace', value }];
  const removes = [...removed].map((path) => ({ op: 'remove', path }));
  const operations = [...replaces, ...removes];
  return operations.length === 0 ? undefined : patchOf(operations);
}

interface ListEdit {
  readonly of: string;
  readonly after: Profile;
  readonly clearing: Clearing;
  readonly mappings: readonly Mapping[];
}

function setList(value: Draft, removed: Set<string>, { of, after, clearing, mappings }: ListEdit): void {
  const draft: Draft = {};
  for (const { okta, place } of mappings) {
    const text = after[okta];
    if (place.at === 'item' && place.of === of && text !== undefined) setAt(draft, place, text);
  }
  const list = asArray(draft[of]);
  if (list !== undefined) value[of] = list;
  else if (clearing === 'omit') removed.add(of);
  else value[of] = clearing === 'null' ? null : [];
}

/** An emptied manager is `{"value":""}` or `null`, as the providers write it (idp-clients §2.2). */
function setEmptied(value: Draft, { place }: Mapping, clearing: Clearing): void {
  setAt(value, place, '');
  if (clearing === 'empty') return;
  if (place.at === 'user') value[place.name] = null;
  else if (place.at === 'part') (value[place.of] as Draft)[place.name] = null;
  else if (place.at === 'extension') (value[ENTERPRISE] as Draft)[place.name] = null;
}

/** A manager without its id is no manager: the whole attribute goes. */
function removalPath(place: Place): string {
  return place.at === 'extension' ? `${ENTERPRISE}:${place.name}` : pathOf(place);
}
