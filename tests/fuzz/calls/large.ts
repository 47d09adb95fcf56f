import type { Random } from '../../soak/random.ts';
import type { Asked, Known } from './place.ts';

const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group';
const PATCH_OP = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

/** Requests as large as the limits allow, or nearly, in what costs most. */
export function largeRequest(application: Asked['application'], known: Known, random: Random): Asked {
  const many = (most: number): number => 1 + random.integer(most);
  const list = <T>(most: number, one: (index: number) => T): T[] =>
    Array.from({ length: many(most) }, (_, index) => one(index));
  const user = `Users/${known.user}`;
  const group = `Groups/${known.group}`;
  const write = (method: string, path: string, body: object): Asked => ({
    application,
    method,
    path,
    body: JSON.stringify(body),
  });
  const patch = (path: string, Operations: readonly object[]): Asked =>
    write('PATCH', path, { schemas: [PATCH_OP], Operations });
  const search = (given: object): Asked =>
    write('POST', 'Users/.search', { schemas: ['urn:ietf:params:scim:api:messages:2.0:SearchRequest'], ...given });
  // Folding is dearest for what has other widths, compositions, cases.
  const letters = random.pick(['a', 'ﷺ', 'ｱ\u3099', 'İ', 'e\u0301', '😀', '가']) as string;
  const text = (most: number): string => letters.repeat(many(Math.floor(most / letters.length)));

  switch (random.integer(11)) {
    case 0:
      return search({ filter: list(256, (index) => `emails[type ne "${index}" and value co "%"]`).join(' or ') });
    case 1:
      return search({
        filter: `userName eq "user1" and (${list(250, (index) => `name.familyName co "${index}"`).join(' or ')})`,
      });
    case 2:
      return search({ filter: `${'not ('.repeat(many(90))}userName co "${text(5_000)}"` });
    case 3:
      return search({ attributes: list(20_000, (index) => `name.familyName${index}`) });
    case 4:
      return write('POST', 'Users', {
        schemas: [USER],
        userName: `${text(1_000)}${random.integer(2 ** 31)}`,
        title: text(65_000),
      });
    case 5:
      return write('PUT', user, {
        schemas: [USER],
        userName: 'user0',
        emails: list(1_000, (index) => ({ value: `${text(300)}${index}`, type: 'work' })),
      });
    case 6:
      return patch(
        user,
        list(1_000, (index) => ({ op: 'replace', path: `emails[value eq "${index}"].display`, value: text(50) })),
      );
    case 7:
      return patch(
        user,
        list(1_000, (index) => ({ op: 'add', path: 'emails', value: [{ value: `v${index}` }] })),
      );
    case 8:
      return patch(
        group,
        list(5_000, (index) => ({ op: 'remove', path: `members[value eq "${index}"]` })),
      );
    case 9:
      return write('PUT', group, {
        schemas: [GROUP],
        displayName: 'Tour',
        members: list(20_000, (index) => ({
          value: `${known.user.slice(0, -8)}${index.toString(16).padStart(8, '0')}`,
        })),
      });
    default:
      return write('POST', 'Users', {
        schemas: [USER],
        userName: 'x',
        junk: list(90_000, (index) => (index % 2 === 0 ? [] : 'x')),
      });
  }
}
