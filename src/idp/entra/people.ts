import { NAMES } from '../names.ts';
import { letters, oneOf, type Random, seededRandom, seedOf } from '../random.ts';
import type { Person } from './person.ts';
import type { Profile } from './profile.ts';

/**
 * The same seed gives the same people; `run` marks their sign-in names and decides their object ids, so that every run
 * has people of its own.
 */
export function makePeople(count: number, seed: number, run: string): Person[] {
  const random = seededRandom(seed);
  const ids = seededRandom(seedOf(run));
  return Array.from({ length: count }, (_, index) => ({
    objectId: guid(ids),
    index,
    profile: makeProfile(index, run, random),
    accountEnabled: true,
    deleted: 'no',
    assigned: false,
    manager: undefined,
    appId: undefined,
    accountId: undefined,
    belief: undefined,
    created: undefined,
    changed: false,
    managerChanged: false,
  }));
}

/** `7c9e6679-7425-40de-944b-e07fc1f90ae7`, as Entra's object ids look. */
export function guid(random: Random): string {
  const hex = (length: number): string => Array.from({ length }, () => Math.floor(random() * 16).toString(16)).join('');
  return `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}`;
}

function makeProfile(index: number, run: string, random: Random): Profile {
  const [givenName, surname, login] = NAMES[index % NAMES.length] ?? NAMES[0];
  // No plus sign: a userPrincipalName may not have one.
  const stem = `${login.replace('+', '-')}.${index + 1}.${run}`;
  return {
    userPrincipalName: `${stem}@Contoso.example.com`,
    mailNickname: stem,
    displayName: `${givenName} ${surname}`,
    givenName,
    surname,
    joinedName: `${givenName} ${surname}`,
    mail: `${stem.replaceAll(/[^\w.]/g, '')}@mail.contoso.example.com`,
    ...sometimes(random, { otherMail: `${letters(random, 6)}.${run}@home.example.com` }),
    jobTitle: oneOf(random, ['Engineer', '👩‍🚀 Flight lead', 'Geschäftsführerin', 'VP, “Special” Projects', '部長']),
    nickName: oneOf(random, ['Babs', 'Ace', 'りんご', 'Чайка']),
    preferredLanguage: oneOf(random, ['en-US', 'ja', 'de-CH', 'ar']),
    // The validator sends words that no registry knows, and wants them back (idp-clients §2.4).
    usageLocation: index % 2 === 0 ? 'en-GB' : letters(random, 10),
    timezone: index % 2 === 0 ? 'Europe/Zurich' : letters(random, 10),
    ...sometimes(random, {
      profileUrl: oneOf(random, ['https://people.contoso.example.com/?q=a%20b', letters(random, 9)]),
    }),
    userType: oneOf(random, ['Member', 'Guest']),
    ...oneOf(random, PLACES),
    ...sometimes(random, { physicalDeliveryOfficeName: oneOf(random, ['Building 4/2.11', '本社ビル 3階']) }),
    telephoneNumber: `+1 425.555.${String(1000 + index).slice(-4)}`,
    ...sometimes(random, { mobile: `(0)170-${letters(random, 4)}` }),
    ...sometimes(random, { facsimileTelephoneNumber: `fax ${letters(random, 5)}` }),
    employeeId: String(701_984 + index),
    department: oneOf(random, ['R&D', 'Vertrieb', 'قسم المبيعات', 'Tour Operations']),
    costCenter: oneOf(random, ['4130', '0042', 'ÖPNV-7']),
    ...sometimes(random, { division: oneOf(random, ['Theme Park', 'Музыка']) }),
    companyName: 'Contoso',
    ...sometimes(random, { appRole: 'admin', appRoleName: 'Administrator' }),
  };
}

function sometimes<Part extends object>(random: Random, part: Part): Part | Record<string, never> {
  return random() < 0.6 ? part : {};
}

type Address = Pick<Profile, 'streetAddress' | 'city' | 'state' | 'postalCode' | 'country'>;

const PLACES: readonly [Address, ...Address[]] = [
  { streetAddress: 'One Microsoft Way', city: 'Redmond', state: 'WA', postalCode: '98052', country: 'US' },
  { streetAddress: '芝公園4丁目2-8', city: '港区', state: '東京都', postalCode: '105-0011', country: 'Japan' },
  { streetAddress: 'Große Straße 1', city: 'Zürich', state: 'ZH', postalCode: '8001', country: 'CH' },
  { streetAddress: '1, rue de l’Été\nBât. B', city: 'Évry', state: 'Île-de-France', postalCode: '01000' },
];
