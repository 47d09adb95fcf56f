import { asArray, asText, type Json, member, sameJson } from '../json.ts';
import type { Ledger } from '../ledger.ts';
import { type Place, pathOf, valuesAt } from '../place.ts';

/** What the provider believes of one account. */
export interface ExpectedUser {
  readonly who: string;
  readonly id: string | undefined;
  readonly externalId: string | undefined;
  readonly active: boolean;
  /** The primary e-mail address; undefined when the provider has none. */
  readonly email: string | undefined;
  /** Every mapped attribute; undefined for one that is unset. */
  readonly values: readonly { readonly place: Place; readonly value: string | undefined }[];
}

/** Holds the server's user against the provider's: every mapped attribute, `active`, `externalId`, `id`. */
export function compareUser(ledger: Ledger, { who, values, email, ...expected }: ExpectedUser, resource: Json): void {
  for (const { place, value } of values) {
    const present = valuesAt(resource, place);
    // Unset is absent: a null or an empty string in its place is something that a reader would show.
    if (present.length > 1 || present[0] !== value) {
      ledger.differ(who, pathOf(place), { expected: value, found: present.length > 1 ? present : present[0] });
    }
  }
  for (const [attribute, value] of Object.entries(expected)) {
    const found = member(resource, attribute);
    if (found !== value) ledger.differ(who, attribute, { expected: value, found });
  }
  comparePrimary(ledger, { who, email }, resource);
}

/** Okta takes the element with `primary: true`, and the suites read `emails[0].value` (idp-clients §1.4i, §1.12). */
function comparePrimary(ledger: Ledger, { who, email }: Pick<ExpectedUser, 'who' | 'email'>, resource: Json): void {
  const primary = (asArray(member(resource, 'emails')) ?? []).filter((each) => member(each, 'primary') === true);
  const values = primary.map((each) => asText(member(each, 'value')));
  if (values.length <= 1 && values[0] === email) return;
  ledger.differ(who, 'emails[primary eq true].value', {
    expected: email,
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
