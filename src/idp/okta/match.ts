import { asArray, asText, type Json, member } from '../json.ts';
import { foldName } from './find.ts';
import type { Imported } from './import.ts';
import { type Mapping, userNameIn } from './mapping.ts';
import type { Person } from './person.ts';

/** A user of the app as the Import tab lists it, with whom Okta takes it for (idp-clients §1.5). */
export interface Candidate {
  readonly id: string;
  readonly resource: Json;
  readonly userName: string;
  readonly email: string | undefined;
  /**
   * `exact`: the username is the same, and the e-mail if the app has one. `partial`: one of the two is, or given and
   * family name are. `none`: somebody new.
   */
  readonly match: 'exact' | 'partial' | 'none';
  /** Several on a partial match may be meant: the first of Okta's list. */
  readonly person: Person | undefined;
}

interface Known {
  readonly people: readonly Person[];
  readonly mappings: readonly Mapping[];
}

/** What an administrator looks through after "Import Now": users whom Okta manages already are not in it. */
export function matchUsers(okta: Known, records: readonly Imported[]): Candidate[] {
  const match = createMatcher(okta);
  return records.flatMap((record) => match(record) ?? []);
}

/** The same for one at a time; undefined for whom nobody is asked about. */
export function createMatcher({ people, mappings }: Known): (record: Imported) => Candidate | undefined {
  const known = new Set(people.map(({ appId }) => appId));
  const free = people.filter(({ appId }) => appId === undefined);
  const by = {
    userName: indexOf(free, (person) => userNameIn(person.profile, mappings)),
    email: indexOf(free, ({ profile }) => profile.email),
    names: indexOf(free, ({ profile }) => names(profile.firstName, profile.lastName)),
  };
  return ({ id, resource, pulledIn }) => {
    if (!pulledIn || known.has(id)) return undefined;
    const userName = asText(member(resource, 'userName')) ?? '';
    const email = emailOf(resource);
    const name = member(resource, 'name');
    const named = names(asText(member(name, 'givenName')) ?? '', asText(member(name, 'familyName')) ?? '');
    const same = by.userName.get(foldName(userName));
    const reached = email === undefined ? undefined : by.email.get(foldName(email));
    const person = same ?? reached ?? by.names.get(foldName(named));
    const isExact = same !== undefined && (email === undefined || same === reached);
    const match = person === undefined ? 'none' : isExact ? 'exact' : 'partial';
    return { id, resource, userName, email, match, person };
  };
}

/** `emails`: the primary one, else the first. */
function emailOf(resource: Json): string | undefined {
  const emails = asArray(member(resource, 'emails')) ?? [];
  const chosen = emails.find((each) => member(each, 'primary') === true) ?? emails[0];
  return asText(member(chosen, 'value'));
}

function indexOf(people: readonly Person[], key: (person: Person) => string): Map<string, Person> {
  const found = new Map<string, Person>();
  for (const person of people) {
    const folded = foldName(key(person));
    if (folded.trim() !== '' && !found.has(folded)) found.set(folded, person);
  }
  return found;
}

function names(given: string, family: string): string {
  return given === '' || family === '' ? '' : `${given} ${family}`;
}
