import { NAMES } from '../names.ts';
import { letters, oneOf, type Random, seededRandom, seedOf } from '../random.ts';
import type { Clearing } from './clearing.ts';
import { newPerson, type Person } from './person.ts';
import type { Profile } from './profile.ts';

const CLEARINGS: readonly Clearing[] = ['omit', 'empty', 'null'];

/**
 * The same seed gives the same people; `run` marks their sign-in names and decides their Okta ids, so that every run has
 * people of its own.
 */
export function makePeople(count: number, seed: number, run: string): Person[] {
  const random = seededRandom(seed);
  const ids = seededRandom(seedOf(run));
  const people: Person[] = [];
  for (let index = 0; index < count; index++) {
    const manager = people[Math.floor(random() * people.length)];
    const clearing = CLEARINGS[index % CLEARINGS.length] ?? 'omit';
    people.push(
      newPerson({ oktaId: oktaId('00u', ids), clearing, profile: makeProfile({ index, run, random, manager }) }),
    );
  }
  return people;
}

/** `00u` or `00g` and seventeen letters and digits, as Okta's ids look. */
export function oktaId(kind: '00u' | '00g', random: Random): string {
  return `${kind}${letters(random, 17)}`;
}

interface Seat {
  readonly index: number;
  readonly run: string;
  readonly random: Random;
  readonly manager: Person | undefined;
}

function makeProfile({ index, run, random, manager }: Seat): Profile {
  const [given, family, stem] = NAMES[index % NAMES.length] ?? NAMES[0];
  const login = `${stem}.${index + 1}.${run}@Example.com`;
  const place = oneOf(random, PLACES);
  return {
    login,
    email: `${stem.replace(/[^\w.+]/g, '')}.${index + 1}.${run}@mail.example.com`,
    firstName: given,
    lastName: family,
    ...sometimes(random, { middleName: oneOf(random, ['Q.', 'María', '次郎', 'Ångström']) }),
    ...sometimes(random, { honorificPrefix: oneOf(random, ['Dr.', 'Prof.', 'Ms.', 'さん']) }),
    ...sometimes(random, { honorificSuffix: oneOf(random, ['III', 'PhD', 'jr.']) }),
    title: oneOf(random, ['Engineer', '👩‍🚀 Flight lead', 'Geschäftsführerin', 'VP, “Special” Projects', '部長']),
    displayName: `${given} ${family}`,
    nickName: oneOf(random, ['Zed', 'Ace', 'りんご', 'Чайка']),
    ...sometimes(random, { profileUrl: `https://people.example.com/${index + 1}?q=a%20b&x=1` }),
    primaryPhone: `+1 415.123.${String(1000 + index).slice(-4)}`,
    ...sometimes(random, { mobilePhone: `(0)170-${letters(random, 4)}` }),
    ...place,
    preferredLanguage: oneOf(random, ['en-US', 'ja', 'de-CH', 'ar']),
    locale: oneOf(random, ['en_US', 'en-GB', 'ja_JP']),
    timezone: oneOf(random, ['America/Los_Angeles', 'Asia/Tokyo', 'Europe/Istanbul']),
    userType: oneOf(random, ['Employee', 'Contractor']),
    employeeNumber: String(701_984 + index),
    costCenter: oneOf(random, ['4130', '0042', 'ÖPNV-7']),
    organization: 'Universal Studios',
    ...sometimes(random, { division: oneOf(random, ['Theme Park', 'Музыка']) }),
    department: oneOf(random, ['R&D', 'Vertrieb', 'قسم المبيعات', 'Tour Operations']),
    ...(manager === undefined ? {} : { managerId: manager.profile.login, manager: manager.profile.displayName ?? '' }),
  };
}

function sometimes<Part extends object>(random: Random, part: Part): Part | Record<string, never> {
  return random() < 0.6 ? part : {};
}

type Address = Pick<Profile, 'streetAddress' | 'city' | 'state' | 'zipCode' | 'countryCode'>;

const PLACES: readonly [Address, ...Address[]] = [
  { streetAddress: '100 Universal City Plaza', city: 'Hollywood', state: 'CA', zipCode: '91608', countryCode: 'US' },
  { streetAddress: '芝公園4丁目2-8', city: '港区', state: '東京都', zipCode: '105-0011', countryCode: 'JP' },
  { streetAddress: 'Große Straße 1', city: 'Zürich', state: 'ZH', zipCode: '8001', countryCode: 'CH' },
  {
    streetAddress: '1, rue de l’Été\nBât. B',
    city: 'Évry',
    state: 'Île-de-France',
    zipCode: '01000',
    countryCode: 'FR',
  },
];
