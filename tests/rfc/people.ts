import { ENT } from './shorthand.ts';

/** Of whom several tables of cases speak. */
export const WORK = { value: 'a@example.com', type: 'work', primary: true };
export const HOME = { value: 'b@example.com', type: 'home' };
export const BERLIN = { type: 'work', streetAddress: '1 Main St', locality: 'Berlin', country: 'DE' };
export const BONN = { type: 'work', streetAddress: '2 Main St', locality: 'Bonn', country: 'DE' };
export const PARIS = { type: 'home', streetAddress: '3 Main St', locality: 'Paris', country: 'FR' };
export const BOB = {
  title: 'Boss',
  nickName: 'B',
  name: { givenName: 'B', familyName: 'J' },
  emails: [WORK, HOME],
  addresses: [BERLIN, PARIS, BONN],
  [ENT]: { department: 'x', costCenter: 'c' },
};
