import { asArray, asText, type Json, member, sameJson } from '../json.ts';
import type { Ledger } from '../ledger.ts';
import { MAPPINGS, type Place, pathOf } from '../okta/mapping.ts';
import { nameOf, type Person, shouldBeActive } from '../okta/person.ts';
import { ENTERPRISE } from '../scim.ts';

/** Holds the server's user against Okta's person: every mapped attribute, `active`, `externalId`, `id`. */
export function compareUser(ledger: Ledger, person: Person, resource: Json): void {
  const who = nameOf(person);
  for (const { okta, place, readOnly } of MAPPINGS) {
    if (readOnly) continue;
    const expected = person.profile[okta];
    const values = valuesAt(resource, place);
    // Unset is absent: a null or an empty string in its place is something that a reader would show.
    if (values.length > 1 || values[0] !== expected) {
      const found = values.length > 1 ? values : values[0];
      ledger.differ(who, pathOf(place), { expected, found });
    }
  }
  const expected = { id: person.firstAppId, externalId: person.oktaId, active: shouldBeActive(person) };
  for (const [attribute, value] of Object.entries(expected)) {
    const found = member(resource, attribute);
    if (found !== value) ledger.differ(who, attribute, { expected: value, found });
  }
  comparePrimary(ledger, person, resource);
}

/** Okta takes the element with `primary: true`, and the suites read `emails[0].value` (idp-clients §1.4i, §1.12). */
function comparePrimary(ledger: Ledger, person: Person, resource: Json): void {
  const primary = (asArray(member(resource, 'emails')) ?? []).filter((email) => member(email, 'primary') === true);
  const values = primary.map((email) => asText(member(email, 'value')));
  if (values.length === 1 && values[0] === person.profile.email) return;
  ledger.differ(nameOf(person), 'emails[primary eq true].value', {
    expected: person.profile.email,
    found: values.length === 0 ? undefined : values.map((value) => value ?? null),
  });
}

/** One serializer: what a create, a read and a list say of a record is one and the same (Infisical#6552). */
export function compareShape(
  ledger: Ledger,
  who: string,
  views: { first: string; a: Json; second: string; b: Json },
): void {
  const { first, a, second, b } = views;
  if (sameJson(a, b)) return;
  const names = [...new Set([...namesOf(a), ...namesOf(b)])];
  for (const name of names.filter((each) => !sameJson(member(a, each), member(b, each)))) {
    const sides = { expected: member(a, name), found: member(b, name) };
    ledger.differ(who, `${name} (as in ${first}, then in ${second})`, sides);
  }
}

function namesOf(value: Json): string[] {
  return typeof value === 'object' && value !== null ? Object.keys(value) : [];
}

/** The judge's own reading of a place: it may not trust the code that wrote the value there. */
function valuesAt(resource: Json, place: Place): Json[] {
  if (place.at === 'user') return present(member(resource, place.name));
  if (place.at === 'part') return present(member(member(resource, place.of), place.name));
  if (place.at === 'extension') {
    const value = member(member(resource, ENTERPRISE), place.name);
    return present(place.part === undefined ? value : member(value, place.part));
  }
  const items = asArray(member(resource, place.of)) ?? [];
  const typed = items.filter((item) => member(item, 'type') === place.type);
  return typed.flatMap((item) => present(member(item, place.name)));
}

function present(value: Json | undefined): Json[] {
  return value === undefined ? [] : [value];
}
