import type { Json } from '../json.ts';
import { compareGroup as holdGroup } from '../judge/group.ts';
import { compareUser as holdUser } from '../judge/user.ts';
import type { Ledger } from '../ledger.ts';
import { type PushedGroup, pushable } from './group.ts';
import { MAPPINGS } from './mapping.ts';
import { nameOf, type Person, shouldBeActive } from './person.ts';

/** Holds the server's user against Okta's person. */
export function compareUser(ledger: Ledger, person: Person, resource: Json): void {
  const mapped = MAPPINGS.filter(({ readOnly }) => !readOnly);
  const expected = {
    who: nameOf(person),
    id: person.firstAppId,
    externalId: person.oktaId,
    active: shouldBeActive(person),
    email: person.profile.email,
    values: mapped.map(({ okta, place }) => ({ place, value: person.profile[okta] })),
  };
  holdUser(ledger, expected, resource);
}

/** Holds the server's group against Okta's. */
export function compareGroup(ledger: Ledger, group: PushedGroup, resource: Json): void {
  const members = new Map([...group.others].map((id) => [id, id]));
  for (const person of pushable(group.members)) members.set(person.appId ?? '', nameOf(person));
  holdGroup(ledger, { name: group.name, id: group.appId, members }, resource);
}
