import { LONGEST_SLUG } from '../../src/access/organizations.ts';
import { LIMITS as HTTP } from '../../src/http/limits.ts';
import { LONGEST_TARGET, MOST_HEADERS } from '../../src/http/scim.ts';
import { MAX_HEADER_BYTES } from '../../src/http/server.ts';
import {
  MAX_BODY,
  MAX_GROUP_BODY,
  MAX_MEMBERS,
  MAX_OPERATIONS,
  MAX_PATHS,
  PAGES,
} from '../../src/provisioning/limits.ts';
import { MAX_LENGTH } from '../../src/scim/filter/lexer.ts';
import { MAX_DEPTH, MAX_TERMS } from '../../src/scim/filter/parser.ts';
import { MAX_NAME } from '../../src/scim/fold.ts';
import { JSON_LIMITS } from '../../src/scim/json.ts';
import { MAX_FILTERED_REMOVALS } from '../../src/scim/patch/edit-members.ts';
import { MAX_INLINE_OPERATIONS } from '../../src/scim/patch/read-patch.ts';
import { MAX_CHARACTERS, MAX_VALUES } from '../../src/scim/read-value.ts';
import { MOST_TESTS } from '../../src/store/members-matching.ts';
import { table } from './table.ts';

interface Limit {
  readonly what: string;
  readonly most: string;
  readonly beyond: string;
  readonly file: string;
}

export function limitsPage(): string {
  return `# How much is taken at once

Written by \`npm run generate\` from the constants in the code. What is beyond a limit is refused before it is worked on, and
the \`detail\` of the refusal names the limit.

${table(
  ['what', 'at most', 'beyond it', 'where'],
  LIMITS.map(({ what, most, beyond, file }) => [what, most, beyond, `[\`${file}\`](../../src/${file})`]),
)}
`;
}

const LIMITS: readonly Limit[] = [
  { what: 'the path and query of a URL', most: characters(LONGEST_TARGET), beyond: '414', file: 'http/scim.ts' },
  { what: 'all headers of a request', most: bytes(MAX_HEADER_BYTES), beyond: '431', file: 'http/server.ts' },
  { what: 'headers of a request', most: String(MOST_HEADERS), beyond: '431', file: 'http/scim.ts' },
  {
    what: 'time to send the headers',
    most: seconds(HTTP.headMs),
    beyond: '408',
    file: 'http/limits.ts',
  },
  { what: 'time to send a request', most: seconds(HTTP.requestMs), beyond: '408', file: 'http/limits.ts' },
  { what: 'a body', most: bytes(MAX_BODY), beyond: '413', file: 'provisioning/limits.ts' },
  { what: 'a body at `/Groups`', most: bytes(MAX_GROUP_BODY), beyond: '413', file: 'provisioning/limits.ts' },
  {
    what: 'bodies that are read at once, of one directory',
    most: bytes(HTTP.directoryBodyBytes),
    beyond: '503 with Retry-After',
    file: 'http/limits.ts',
  },
  {
    what: 'bodies that are read at once, of all',
    most: bytes(HTTP.bodyBytes),
    beyond: '503 with Retry-After',
    file: 'http/limits.ts',
  },
  { what: 'levels of JSON', most: count(JSON_LIMITS.depth), beyond: '400 invalidSyntax', file: 'scim/json.ts' },
  {
    what: 'names in one JSON object',
    most: count(JSON_LIMITS.names),
    beyond: '400 invalidSyntax',
    file: 'scim/json.ts',
  },
  {
    what: 'text of an attribute',
    most: characters(MAX_CHARACTERS),
    beyond: '400 invalidValue',
    file: 'scim/read-value.ts',
  },
  {
    what: 'a userName, and the displayName of a group',
    most: characters(MAX_NAME),
    beyond: '400 invalidValue',
    file: 'scim/fold.ts',
  },
  {
    what: 'values of a multi-valued attribute other than `members`',
    most: count(MAX_VALUES),
    beyond: '400 invalidValue',
    file: 'scim/read-value.ts',
  },
  { what: 'members that one request names', most: count(MAX_MEMBERS), beyond: '413', file: 'provisioning/limits.ts' },
  { what: 'operations of a PATCH', most: count(MAX_OPERATIONS), beyond: '413', file: 'provisioning/limits.ts' },
  {
    what: 'operations of a PATCH on anything but `members`',
    most: count(MAX_INLINE_OPERATIONS),
    beyond: '413',
    file: 'scim/patch/read-patch.ts',
  },
  {
    what: 'operations of a PATCH that remove members by a filter other than `value eq`',
    most: count(MAX_FILTERED_REMOVALS),
    beyond: '413',
    file: 'scim/patch/edit-members.ts',
  },
  {
    what: 'comparisons of such filters with members, in one PATCH',
    most: count(MOST_TESTS),
    beyond: '413',
    file: 'store/members-matching.ts',
  },
  {
    what: 'the paths of a PATCH, together',
    most: characters(MAX_PATHS),
    beyond: '413',
    file: 'provisioning/limits.ts',
  },
  { what: 'a filter', most: characters(MAX_LENGTH), beyond: '400 invalidFilter', file: 'scim/filter/lexer.ts' },
  { what: 'a path of a PATCH', most: characters(MAX_LENGTH), beyond: '400 invalidPath', file: 'scim/filter/lexer.ts' },
  {
    what: 'levels of parentheses and brackets in a filter',
    most: count(MAX_DEPTH),
    beyond: '400 invalidFilter',
    file: 'scim/filter/parser.ts',
  },
  {
    what: 'comparisons in a filter',
    most: count(MAX_TERMS),
    beyond: '400 invalidFilter',
    file: 'scim/filter/parser.ts',
  },
  {
    what: 'resources in a page',
    most: `${PAGES.maxCount}; ${PAGES.defaultCount} when no \`count\` is given`,
    beyond: 'a smaller page',
    file: 'provisioning/limits.ts',
  },
  {
    what: 'the slug of an organization',
    most: characters(LONGEST_SLUG),
    beyond: 'refused',
    file: 'access/organizations.ts',
  },
];

function count(number: number): string {
  return number.toLocaleString('en-US');
}
function characters(number: number): string {
  return `${count(number)} characters`;
}
function bytes(number: number): string {
  return number >= 1024 * 1024 ? `${number / 1024 / 1024} MiB` : `${number / 1024} KiB`;
}
function seconds(milliseconds: number): string {
  return `${milliseconds / 1000} s`;
}
