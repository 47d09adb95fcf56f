import { aGroup, aUser, ENT, USER } from './shorthand.ts';

export const EMAILS = [
  { value: 'b@example.com', display: 'B', type: 'work', primary: true },
  { value: 'b@home.example', type: 'home' },
];
export const BOB = {
  externalId: 'x1',
  name: { formatted: 'B J', familyName: 'J', givenName: 'B' },
  title: 'Boss',
  emails: EMAILS,
  [ENT]: { department: 'x', costCenter: 'c' },
};
export const given = [aUser('eve'), aUser('bob', BOB), aGroup('staff', '{{bob.id}}')];

/** The minimum set and what was asked for, and nothing else. */
export function only(attributes: Readonly<Record<string, unknown>>, schemas = [USER, ENT]) {
  return { status: 200, exactly: { schemas, id: '{{any}}', ...attributes } };
}
