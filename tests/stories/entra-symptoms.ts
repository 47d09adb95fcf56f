import {
  differenceSentence,
  type EntraFaultName,
  type EntraFlavour,
  failureSentence,
  type Part,
  simulateEntra,
  startFaultProxy,
} from '../../src/idp/index.ts';
import type { Judged, Judgement } from './symptoms.ts';

/** Where a fault shows, and the sentence that it must bring out. */
export interface Symptom {
  /** What of the tour is needed after the initial cycle. */
  readonly parts: readonly Part[];
  readonly sentence: RegExp;
}

let runs = 0;

/** Puts one named fault before a server and lets the simulated Entra ID judge it, until it has found something. */
export async function judgeAsEntra(server: Judged, flavour: EntraFlavour, fault?: EntraFaultName): Promise<Judgement> {
  const proxy = await startFaultProxy({ target: server.baseUrl, ...(fault === undefined ? {} : { fault }) });
  const report = await simulateEntra({
    ...{ baseUrl: proxy.baseUrl, token: server.token, flavour, users: 12, bail: true },
    ...(fault === undefined ? {} : { parts: ENTRA_SYMPTOMS[fault].parts }),
    // The same traffic each time, under names of its own.
    ...{ run: `run${String(runs++).padStart(3, '0')}`, patienceMs: 5, print: () => {} },
  });
  await proxy.close();
  const sentences = [...report.failures.map(failureSentence), ...report.differences.map(differenceSentence)];
  return { exitCode: report.exitCode, sentences };
}

/** In the initial cycle already. */
const early = (sentence: RegExp): Symptom => ({ parts: [], sentence });
const later = (part: Part, sentence: RegExp): Symptom => ({ parts: [part], sentence });

/** A judge that condemns for another reason has not understood. */
export const ENTRA_SYMPTOMS: Record<EntraFaultName, Symptom> = {
  'text-false-refused': later('leave', /: StatusCode: BadRequest\. Web Response: active must be true or false\.$/),
  'text-primary-refused': early(/: StatusCode: BadRequest\. Web Response: roles\.primary must be a boolean\.$/),
  'capital-operation-refused': early(/: StatusCode: BadRequest\. Web Response: "Replace" is not an operation\.$/),
  'add-of-single-value-refused': early(/: StatusCode: BadRequest\. Web Response: "Add" is not a valid choice\.$/),
  'dotted-keys-ignored': early(/: name\.givenName should be ".*", but the server has "Pat"\.$/),
  'extension-keys-ignored': early(/enterprise:2\.0:User:department should be ".*", but the server has nothing\.$/),
  'many-keys-refused': early(
    /: StatusCode: BadRequest\. Web Response: Only one attribute may be changed in an operation/,
  ),
  'value-path-needs-target': early(/: StatusCode: BadRequest\. Web Response: noTarget$/),
  'manager-as-text-refused': early(/: StatusCode: BadRequest\. Web Response: manager must be an object\.$/),
  'unknown-manager-refused': later(
    'validator',
    /: StatusCode: BadRequest\. Web Response: There is no user with the id/,
  ),
  'second-condition-ignored': early(/:User:manager\.value should be ".*", but the server has nothing\.$/),
  'unquoted-value-refused': early(/: StatusCode: BadRequest\. Web Response: The filter has a syntax error\.$/),
  'filter-on-user-name-only': early(/: the linked account should be ".*", but the server has ".*"\.$/),
  'strangers-hidden-from-lookup': early(/: StatusCode: Conflict\. Web Response: A user with the userName ".*" already/),
  'patch-after-lookup-404': early(/: StatusCode: NotFound\. Web Response: There is no such user\.$/),
  'emptying-ignored': later('change', /: nickName should be nothing, but the server has "Nick of .*"\.$/),
  'random-words-refused': early(/: StatusCode: BadRequest\. Web Response: timezone is not an IANA time zone\.$/),
  'deleted-name-stays-taken': later(
    'leave',
    /: StatusCode: Conflict\. Web Response: This userName belongs to a deleted/,
  ),
  'delete-not-allowed': later('leave', /: StatusCode: MethodNotAllowed\. Web Response: Method not allowed\.$/),
  'second-delete-is-500': later('leave', /: the status of a second DELETE should be 404, but the server has 500\.$/),
  'listed-remove-clears-all': later(
    'groups',
    /^Group .*: members should be 4 people, but the server has 0 \(missing: .*\)\.$/,
  ),
  'listed-remove-ignored': later(
    'groups',
    /^Group .*: members should be 4 people, but the server has 6 \(too many: .*\)\.$/,
  ),
  'replace-of-members-refused': later(
    'validator',
    /: StatusCode: NotImplemented\. Web Response: replace of members is not/,
  ),
  'excluded-members-shown': early(/^GET \/Groups\/\{id\} → 200: members should be nothing, as excludedAttributes asks/),
  'unknown-schema-refused': early(
    /^Group .*: StatusCode: BadRequest\. Web Response: The schema of this group is not known\.$/,
  ),
  'deactivation-ends-memberships': later(
    'leave',
    /^Group .*: members should be \d+ people, but the server has \d+ \(missing: .*\)\.$/,
  ),
  'scim-json-not-read': early(/: StatusCode: BadRequest\. Web Response: schemas is required/),
  'user-agent-needed': early(
    /^Test connection: StatusCode: Forbidden\. The response is not JSON: <h1>Forbidden<\/h1>$/,
  ),
  'flag-in-query-refused': early(/^Test connection: StatusCode: BadRequest\. Web Response: There is no parameter/),
  'schemas-without-group': early(
    /^GET \/Schemas: the schema urn:.*:Group should be there, but the server has nothing\.$/,
  ),
  'schemas-read-only': early(
    /^\/Schemas displayName: mutability should be readWrite, but the server has "readOnly"\.$/,
  ),
  'schemas-with-null': early(
    /^\/Schemas urn:.*:userName: referenceTypes should be a value, or not there, but the server has null\.$/,
  ),
  'schemas-is-a-bare-list': early(/^GET \/Schemas: Resources should be a list, but the server has nothing\.$/),
  'deactivation-not-applied': later('leave', /: active should be false, but the server has true\.$/),
  'deactivation-deletes': later('leave', /: the status of a read by id should be 200, but the server has 404\.$/),
  'reactivation-refused': later('leave', /: StatusCode: BadRequest\. Web Response: This user cannot be changed\.$/),
  'lookup-hides-inactive': later(
    'leave',
    /: the look-up by userName ".*" should be ".*", but the server has nothing\.$/,
  ),
  'external-id-dropped': early(/: externalId should be ".*", but the server has nothing\.$/),
  'active-as-text': early(/: active should be true or false, but the server has "true"\.$/),
  'user-name-lower-cased': early(
    /: userName should be "Siobhan\.NiBhriain.*", but the server has "siobhan\.nibhriain.*"\.$/,
  ),
  'emails-flattened': early(/: emails should be a list, but the server has \{.*\}\.$/),
  'primary-forgotten': early(/: emails\[primary eq true\]\.value should be ".*", but the server has nothing\.$/),
  'stale-after-update': early(/: name\.givenName should be ".*", but the server has "Pat"\.$/),
  'unicode-recomposed': early(/: name\.familyName should be "A\u030angstro\u0308m", but the server has "Ångström"\.$/),
  'patch-not-implemented': early(/: StatusCode: NotImplemented\. Web Response: patch-REPLACE-operation not supported$/),
  'lookup-returns-everything': early(/^Test connection: The test of the connection found \d+ records for userName eq/),
  'lookup-miss-is-404': early(/^Test connection: StatusCode: NotFound\. Web Response: There is no such user\.$/),
  'lookup-minds-case': early(/: the look-up by userName "[^a-z]*" should be ".*", but the server has nothing\.$/),
  'read-answers-list': early(
    /^GET \/Users\/\{id\} → 200: schemas should be .*:User, but the server has .*ListResponse"\]\.$/,
  ),
  'errors-in-plain-text': early(/ → 40\d: the body should be JSON, but the server has "Unsupported operation"\.$/),
  'html-502': early(/: StatusCode: BadGateway\. The response is not JSON: <html>/),
  'every-token-accepted': early(/^A wrong token: the status should be 401, but the server has 200\.$/),
  'created-without-id': early(/: The create was answered without an id\.$/),
  'created-differs-from-read': early(/: displayName \(as in the reply to the create, then in a read by id\) should be/),
  'content-type-text': early(
    /: Content-Type should be application\/scim\+json, but the server has "text\/html; charset=utf-8"\.$/,
  ),
  'meta-missing': early(/: meta\.resourceType should be "User", but the server has nothing\.$/),
  'add-replaces-members': early(/^Group "Sales.*: members should be 4 people, but the server has 3 \(missing: .*\)\.$/),
  'add-ignored': early(/^Group .*: members should be \d+ people, but the server has 0 \(missing: .*\)\.$/),
  'member-without-type-skipped': early(
    /^Group .*: members should be \d+ people, but the server has \d+ \(missing: .*\)\.$/,
  ),
  'rename-ignored': early(/^Group .*: displayName should be "Sales .*", but the server has "sales .*"\.$/),
  'group-delete-ignored': later(
    'groups',
    /^Group .*: the status of a read by id should be 404, but the server has 200\.$/,
  ),
  'group-delete-takes-users-along': later(
    'groups',
    /\(.*@.*\): the status of a read by id should be 200, but the server has 404\.$/,
  ),
  'filtered-remove-ignored': later(
    'groups',
    /^Group .*: members should be 4 people, but the server has 6 \(too many: .*\)\.$/,
  ),
  'filtered-remove-clears-all': later(
    'groups',
    /^Group .*: members should be 4 people, but the server has 0 \(missing: .*\)\.$/,
  ),
};
