import type { Random } from '../../soak/random.ts';
import { largeRequest } from './large.ts';
import { mutated } from './mutate.ts';
import type { Asked, Place } from './place.ts';

export const KINDS = [
  'filter',
  'sort',
  'view',
  'cursor',
  'search',
  'path',
  'patch',
  'resource',
  'bulk',
  'condition',
] as const;
export type Kind = (typeof KINDS)[number];

const FILTERS = [
  'userName eq "bjensen"',
  'name.familyName co "O\'Malley" and (title pr or not (userType eq "Intern"))',
  'emails[type eq "work" and value co "@example.com"] or ims[type eq "xmpp"]',
  'meta.lastModified ge "2011-05-13T04:42:34Z"',
  'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value eq "x"',
  'urn:example:scim:schemas:extension:app:2.0:User:seats gt 3 and urn:example:scim:schemas:extension:app:2.0:User:share le 2.5',
  'urn:example:scim:schemas:extension:app:2.0:User:desks[tags eq "x"]',
  'active eq true and externalId ne null and userName eq bjensen',
  'members[value eq "x"] or groups.display sw "T"',
];
const SORTS = [
  'userName',
  'name.familyName',
  'emails.value',
  'urn:example:scim:schemas:extension:app:2.0:User:desks',
  'meta.created',
];
const VIEWS = [
  'userName,emails.value',
  'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User',
  'members',
  'name',
];
const PATHS = [
  'name.familyName',
  'emails[type eq "work"].value',
  'addresses[type eq "work" and primary eq true]',
  'members[value eq "x"]',
  'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager',
  'urn:example:scim:schemas:extension:app:2.0:User:desks[value eq "x"].tags',
  'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User',
];
const VALUES = [
  '"x"',
  '{"value":"x"}',
  '[{"value":"x","type":"work","primary":true}]',
  'null',
  'true',
  '"True"',
  '[]',
  '{"familyName":"x"}',
  '7',
];
const PATCH_OP = '"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"]';
const USER = `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],
"externalId":"e1","userName":"bjensen","name":{"familyName":"Jensen","givenName":"Barbara"},"active":true,
"emails":[{"value":"b@example.com","type":"work","primary":true},{"value":"c@example.com"}],"roles":[{"value":"admin"}],
"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"department":"x","manager":{"value":"y"}},
"urn:example:scim:schemas:extension:app:2.0:User":{"seats":3,"share":2.5,"starts":"2026-11-21T23:16:53Z","desks":[{"value":"d","tags":["t"]}]}}`;

/** Of this many requests one is as large as the limits allow. */
const LARGE_AMONG = 200;

/** Requests of one kind, most of them wrong somewhere. */
export function requestOf(kind: Kind, place: Place, random: Random): Asked {
  const application = random.chance(0.5) ? ('tolerant' as const) : ('strict' as const);
  const known = place.known[application];
  if (random.integer(LARGE_AMONG) === 0) return largeRequest(application, known, random);
  const isGroup = random.chance(0.3);
  const type = isGroup ? 'Groups' : 'Users';
  const one = `${type}/${isGroup ? known.group : known.user}`;
  const some = <T extends string>(texts: readonly T[]): string => {
    const text = random.pick(texts) as T;
    return random.chance(0.7) ? mutated(text, random) : text;
  };
  const whole = (text: string): string => (random.chance(0.6) ? mutated(text, random) : text);
  const query = (given: Record<string, string>): string =>
    random.chance(0.1) ? mutated(String(new URLSearchParams(given)), random) : String(new URLSearchParams(given));
  const root = random.chance(0.2) ? '' : type;

  switch (kind) {
    case 'filter':
      return { application, method: 'GET', path: root, query: query({ filter: some(FILTERS) }) };
    case 'sort': {
      const sortOrder = random.chance(0.1) ? mutated('descending', random) : 'descending';
      const startIndex = random.chance(0.2) ? mutated('1', random) : '1';
      return { application, method: 'GET', path: root, query: query({ sortBy: some(SORTS), sortOrder, startIndex }) };
    }
    case 'view': {
      const name = random.chance(0.5) ? 'attributes' : 'excludedAttributes';
      return {
        application,
        method: 'GET',
        path: random.chance(0.5) ? one : root,
        query: query({ [name]: some(VIEWS) }),
      };
    }
    case 'cursor':
      return {
        application,
        method: 'GET',
        path: root,
        query: query({ cursor: some([known.cursor, '']), count: whole('2') }),
      };
    case 'search': {
      const body = `{"schemas":["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],"filter":${JSON.stringify(some(FILTERS))},"sortBy":"userName","sortOrder":"ascending","startIndex":1,"count":10,"attributes":["userName"]}`;
      return { application, method: 'POST', path: `${root}/.search`, body: whole(body) };
    }
    case 'path': {
      const path = JSON.stringify(some(PATHS));
      const op = random.pick(['add', 'remove', 'replace']);
      const body = `{${PATCH_OP},"Operations":[{"op":"${op}","path":${path},"value":${random.pick(VALUES)}}]}`;
      return { application, method: 'PATCH', path: one, body };
    }
    case 'patch': {
      const operation = (): string => {
        const path = random.chance(0.8) ? `"path":${JSON.stringify(random.pick(PATHS))},` : '';
        return `{"op":"${random.pick(['add', 'Remove', 'replace'])}",${path}"value":${random.pick(VALUES)}}`;
      };
      const operations = Array.from({ length: 1 + random.integer(4) }, operation).join(',');
      return { application, method: 'PATCH', path: one, body: whole(`{${PATCH_OP},"Operations":[${operations}]}`) };
    }
    case 'resource': {
      const method = random.chance(0.5) ? 'POST' : 'PUT';
      const text = isGroup
        ? `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"displayName":"x","members":[{"value":"${known.user}"}]}`
        : USER;
      return { application, method, path: method === 'POST' ? type : one, body: whole(text) };
    }
    case 'bulk': {
      const operations = [
        `{"method":"POST","path":"/Users","bulkId":"a","data":${USER}}`,
        '{"method":"POST","path":"/Groups","bulkId":"b","data":{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"displayName":"y","members":[{"value":"bulkId:a"}]}}',
        `{"method":"PATCH","path":"/${one}","version":"W/\\"1\\"","data":{${PATCH_OP},"Operations":[{"op":"add","path":"title","value":"x"}]}}`,
        `{"method":"DELETE","path":"/Users/bulkId:a"}`,
      ].filter(() => random.chance(0.6));
      const body = `{"schemas":["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],"failOnErrors":1,"Operations":[${operations.join(',')}]}`;
      return { application, method: 'POST', path: 'Bulk', body: whole(body) };
    }
    case 'condition': {
      const headers = { [random.chance(0.5) ? 'ifMatch' : 'ifNoneMatch']: some(['W/"1"', '*', 'W/"1", "2"']) };
      const method = random.pick(['GET', 'PATCH']) as string;
      const body = `{${PATCH_OP},"Operations":[{"op":"replace","path":"title","value":"x"}]}`;
      return { application, method, path: one, body, headers };
    }
  }
}
