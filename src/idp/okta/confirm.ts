import { asObject, asText, member } from '../json.ts';
import { valuesAt } from '../place.ts';
import { MAPPINGS } from './mapping.ts';
import type { Candidate } from './match.ts';
import type { Okta } from './okta.ts';
import { oktaId } from './people.ts';
import { newPerson, type Person } from './person.ts';
import { edited, type Profile } from './profile.ts';

/**
 * "Confirm Assignments" (idp-clients §1.5): `existing` ties the app's user to the person whom it was matched with, or to
 * another one; `new` makes a person of it. Nothing is sent: Force Sync, or the next edit, is the first write.
 *
 * @throws RangeError for a user whom Okta manages already, or `existing` where nobody matches
 */
export function confirm(
  okta: Okta,
  { id, resource, person: matched }: Candidate,
  as: 'new' | 'existing' | Person,
): Person {
  const person = as === 'new' ? personOf(okta, resource) : as === 'existing' ? matched : as;
  if (person === undefined) throw new RangeError(`Nobody in Okta matches the user ${id}.`);
  if (person.appId !== undefined || okta.people.some(({ appId }) => appId === id)) {
    throw new RangeError(`The user ${id}, or the person, is assigned already.`);
  }
  person.assigned = true;
  person.appId = id;
  person.firstAppId = id;
  // What the app has now: it differs from the profile where Okta knows better.
  person.pushed = profileOf(okta, resource);
  if (!okta.people.includes(person)) okta.people.push(person);
  return person;
}

function personOf(okta: Okta, resource: Candidate['resource']): Person {
  return newPerson({ oktaId: oktaId('00u', okta.random), profile: profileOf(okta, resource) });
}

/** The rows "To Okta": those "To App" the other way round, and the template's where the administrator removed some. */
function profileOf({ mappings }: Okta, resource: Candidate['resource']): Profile {
  const login = asText(member(resource, 'userName')) ?? '';
  const profile: Profile = { login, email: login, firstName: '', lastName: '' };
  const values = [...mappings, ...MAPPINGS].flatMap(({ okta, place }) => {
    const value = asText(valuesAt(asObject(resource) ?? {}, place)[0]);
    return value === undefined ? [] : [[okta, value]];
  });
  return edited(profile, Object.fromEntries(values));
}
