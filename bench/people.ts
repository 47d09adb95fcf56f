const GIVEN = ['Ava', 'Bilal', 'Chiara', 'Dmitri', 'Elif', 'Femi', 'Grace', 'Hiro', 'Inés', 'Jonas', 'Kofi', 'Leila'];
const FAMILY = [
  'Okafor',
  'Lindqvist',
  'Nakamura',
  'García',
  'Schmidt',
  'Haddad',
  'O’Brien',
  'Kowalska',
  'Mbeki',
  'Rossi',
];
const DEPARTMENTS = ['Engineering', 'Finance', 'Support', 'Sales', 'People', 'Legal', 'Research'];

export function userName(index: number): string {
  return `${pick(GIVEN, index)}.${index}@acme.example`.normalize('NFD').replace(/[^\x20-\x7e]/g, '');
}

/** What Okta POSTs for a person with its default mapping filled in: about 800 bytes stored. */
export function userBody(index: number): Record<string, unknown> {
  const [given, family] = [pick(GIVEN, index), pick(FAMILY, index)];
  return {
    schemas: [
      'urn:ietf:params:scim:schemas:core:2.0:User',
      'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User',
    ],
    userName: userName(index),
    name: { givenName: given, familyName: family },
    emails: [{ primary: true, value: userName(index), type: 'work' }],
    displayName: `${given} ${family}`,
    title: 'Engineer',
    locale: 'en-US',
    timezone: 'Europe/Stockholm',
    phoneNumbers: [{ value: `+46 8 ${String(index).padStart(7, '0')}`, type: 'work' }],
    addresses: [
      { type: 'work', streetAddress: 'Storgatan 1', locality: 'Stockholm', postalCode: '111 51', country: 'SE' },
    ],
    externalId: `00u${String(index).padStart(17, '0')}`,
    groups: [],
    password: '1mz050nq',
    active: true,
    'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User': {
      employeeNumber: String(index),
      department: pick(DEPARTMENTS, index),
      organization: 'Acme',
    },
  };
}

function pick(from: readonly string[], index: number): string {
  return from[index % from.length] ?? '';
}
