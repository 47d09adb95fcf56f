import { LONGEST_SLUG } from '../../src/access/organizations.ts';
import { MOST_KEPT } from '../../src/directory/decide/weight.ts';
import { LIMITS as HTTP } from '../../src/http/limits.ts';
import { LONGEST_TARGET, MOST_HEADERS } from '../../src/http/scim.ts';
import { MAX_HEADER_BYTES } from '../../src/http/server.ts';
import { CURSOR_TIMEOUT, LONGEST as LONGEST_CURSOR } from '../../src/provisioning/cursor.ts';
import { BOUNDS } from '../../src/provisioning/gate.ts';
import {
  MAX_BODY,
  MAX_BULK_OPERATIONS,
  MAX_GROUP_BODY,
  MAX_GROUP_VALUES,
  MAX_MEMBERS,
  MAX_NAMES,
  MAX_OPERATIONS,
  MAX_PATHS,
  MAX_SEARCH_BODY,
  PAGES,
} from '../../src/provisioning/limits.ts';
import { MAX_LENGTH } from '../../src/scim/filter/lexer.ts';
import { MAX_DEPTH, MAX_TERMS } from '../../src/scim/filter/parser.ts';
import { MAX_NAME } from '../../src/scim/fold.ts';
import { JSON_LIMITS, MANY } from '../../src/scim/json-limits.ts';
import { MAX_FILTERED_REMOVALS } from '../../src/scim/patch/edit-members.ts';
import { MAX_INLINE_OPERATIONS } from '../../src/scim/patch/read-patch.ts';
import { MAX_SCHEMAS } from '../../src/scim/read-resource.ts';
import { MAX_CHARACTERS, MAX_TEXT, MAX_VALUES } from '../../src/scim/read-value.ts';
import { MOST_FAILURES } from '../../src/store/failure-row.ts';
import { MOST_TESTS } from '../../src/store/members-matching.ts';
import { WAIT_MS as SNAPSHOT_WAIT_MS, WAITING as SNAPSHOTS_WAITING } from '../../src/store/snapshots.ts';
import { SCAN_MS, WAIT_MS as SCAN_WAIT_MS } from '../../src/store/sqlite/scan.ts';
import { MOST_OF_ONE_DIRECTORY as MOST_SCANS } from '../../src/store/sqlite/scan-lane.ts';
import { MOST_OPEN, MOST_OF_ONE_DIRECTORY as MOST_SNAPSHOTS, SNAPSHOT_MS } from '../../src/store/sqlite/snapshots.ts';
import { MOST_PLACES } from '../../src/store/walk.ts';
import { table } from './table.ts';

interface Limit {
  readonly what: string;
  readonly most: string;
  readonly beyond: string;
  readonly file: string;
}

export function limitsPage(): string {
  return `# How much is taken at once

Written by \`npm run generate\` from the constants in the code. What is beyond a limit of size is refused before it is worked
on, and the \`detail\` names the limit; what is beyond one of time, or finds no room, is told what to do instead, or when to try again.

${table(
  ['what', 'at most', 'beyond it', 'where'],
  LIMITS.map(({ what, most, beyond, file }) => [what, most, beyond, `[\`${file}\`](../../src/${file})`]),
)}
`;
}

const UNAVAILABLE = '503 with Retry-After';
const TOO_MANY = '429 with Retry-After';

const LIMITS: readonly Limit[] = [
  {
    what: 'requests of one directory that are worked on at once',
    most: count(BOUNDS.atOnce),
    beyond: 'a wait for their turn',
    file: 'provisioning/gate.ts',
  },
  {
    what: 'requests of one directory that wait',
    most: count(BOUNDS.waiting),
    beyond: TOO_MANY,
    file: 'provisioning/gate.ts',
  },
  {
    what: 'requests of all directories that wait',
    most: count(BOUNDS.allWaiting),
    beyond: `${TOO_MANY}, for a directory that has ${BOUNDS.always} waiting`,
    file: 'provisioning/gate.ts',
  },
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
    beyond: UNAVAILABLE,
    file: 'http/limits.ts',
  },
  {
    what: 'bodies that are read at once, of all',
    most: bytes(HTTP.bodyBytes),
    beyond: UNAVAILABLE,
    file: 'http/limits.ts',
  },
  { what: 'levels of JSON', most: count(JSON_LIMITS.depth), beyond: '400 invalidSyntax', file: 'scim/json-limits.ts' },
  {
    what: 'names in one JSON object',
    most: count(JSON_LIMITS.names),
    beyond: '400 invalidSyntax',
    file: 'scim/json-limits.ts',
  },
  {
    what: `names in a body beyond the first ${MANY} of their objects`,
    most: count(JSON_LIMITS.furtherNames),
    beyond: '413',
    file: 'scim/json-limits.ts',
  },
  {
    what: 'different names in a body',
    most: count(JSON_LIMITS.differentNames),
    beyond: '413',
    file: 'scim/json-limits.ts',
  },
  {
    what: 'values in a body: objects, arrays, texts, numbers, true, false and null',
    most: count(JSON_LIMITS.values),
    beyond: '413',
    file: 'scim/json-limits.ts',
  },
  {
    what: 'values in a body at `/Groups`',
    most: count(MAX_GROUP_VALUES),
    beyond: '413',
    file: 'provisioning/limits.ts',
  },
  {
    what: 'numbers in a body with a point, an exponent or more than 15 digits',
    most: count(JSON_LIMITS.decimals),
    beyond: '413',
    file: 'scim/json-limits.ts',
  },
  {
    what: 'characters of one string in a body, from its first escape (such as `\\n`) on',
    most: count(JSON_LIMITS.escaped),
    beyond: '413',
    file: 'scim/json-limits.ts',
  },
  {
    what: 'characters of one number in a body',
    most: count(JSON_LIMITS.numeral),
    beyond: '400 invalidValue',
    file: 'scim/json-limits.ts',
  },
  { what: 'URNs in `schemas`', most: count(MAX_SCHEMAS), beyond: '413', file: 'scim/read-resource.ts' },
  {
    what: 'text of an attribute',
    most: characters(MAX_CHARACTERS),
    beyond: '400 invalidValue',
    file: 'scim/read-value.ts',
  },
  {
    what: 'text of a resource, all its attributes together',
    most: characters(MAX_TEXT),
    beyond: '413',
    file: 'scim/read-value.ts',
  },
  {
    what: 'what is kept of one resource, its members aside, as JSON',
    most: bytes(MOST_KEPT),
    beyond: '413',
    file: 'directory/decide/weight.ts',
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
    file: 'store/sqlite/members-matching.ts',
  },
  {
    what: 'the paths of a PATCH, together',
    most: characters(MAX_PATHS),
    beyond: '413',
    file: 'provisioning/limits.ts',
  },
  {
    what: 'names in the objects of a PATCH, together',
    most: count(MAX_NAMES),
    beyond: '413',
    file: 'provisioning/limits.ts',
  },
  { what: 'operations of a bulk', most: count(MAX_BULK_OPERATIONS), beyond: '413', file: 'provisioning/limits.ts' },
  {
    what: 'the body of a bulk; each operation is held to what a request of its own is',
    most: bytes(MAX_BODY),
    beyond: '413',
    file: 'provisioning/limits.ts',
  },
  { what: 'the body of a search', most: bytes(MAX_SEARCH_BODY), beyond: '413', file: 'provisioning/limits.ts' },
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
    what: 'a cursor',
    most: characters(LONGEST_CURSOR),
    beyond: '400 invalidCursor',
    file: 'provisioning/cursor.ts',
  },
  {
    what: 'time until the next page is asked for with a cursor',
    most: seconds(CURSOR_TIMEOUT * 1000),
    beyond: '400 expiredCursor',
    file: 'provisioning/cursor.ts',
  },
  {
    what: 'time for a filter or a sorting that no index serves',
    most: seconds(SCAN_MS),
    beyond: '400 tooMany',
    file: 'store/sqlite/scan.ts',
  },
  {
    what: 'time that such a query waits for others',
    most: seconds(SCAN_WAIT_MS),
    beyond: UNAVAILABLE,
    file: 'store/sqlite/scan.ts',
  },
  {
    what: 'such queries that wait, of one directory',
    most: count(MOST_SCANS),
    beyond: TOO_MANY,
    file: 'store/sqlite/scan-lane.ts',
  },
  {
    what: 'long replies that are read at once, of one directory',
    most: count(MOST_SNAPSHOTS),
    beyond: `a wait of ${seconds(SNAPSHOT_WAIT_MS)}, then ${UNAVAILABLE}`,
    file: 'store/sqlite/snapshots.ts',
  },
  {
    what: 'long replies that are read at once, of all',
    most: count(MOST_OPEN),
    beyond: `a wait of ${seconds(SNAPSHOT_WAIT_MS)}, then ${UNAVAILABLE}`,
    file: 'store/sqlite/snapshots.ts',
  },
  {
    what: 'long replies that are waited for, of one directory',
    most: count(SNAPSHOTS_WAITING.mostOfOneDirectory),
    beyond: TOO_MANY,
    file: 'store/snapshots.ts',
  },
  {
    what: 'time to read a long reply',
    most: seconds(SNAPSHOT_MS),
    beyond: 'the reply breaks off',
    file: 'store/sqlite/snapshots.ts',
  },
  {
    what: 'places in lists that are remembered for the next page, of a credential and a type',
    most: count(MOST_PLACES),
    beyond: 'the oldest give way, and the page is found by counting',
    file: 'store/walk.ts',
  },
  {
    what: 'failures that are kept of a directory',
    most: count(MOST_FAILURES),
    beyond: 'the oldest give way',
    file: 'store/failure-row.ts',
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
