import {
  differenceSentence,
  FAULTS,
  type Fault,
  type FaultName,
  type FlavourName,
  failureSentence,
  simulateOkta,
  startFaultProxy,
} from '../../src/idp/index.ts';

/** Any SCIM server: the tiny one of these tests, or the product. */
export interface Judged {
  readonly baseUrl: string;
  readonly token: string;
}

export interface Judgement {
  readonly exitCode: 0 | 1;
  /** Everything that Okta's administrator would read, and every difference found. */
  readonly sentences: readonly string[];
}

/** Puts one named fault before a server and lets the simulated Okta judge it. */
export async function judge(server: Judged, flavour: FlavourName, fault?: FaultName): Promise<Judgement> {
  const proxy = await startFaultProxy({ target: server.baseUrl, ...(fault === undefined ? {} : { fault }) });
  const users = fault === undefined ? undefined : table[fault].users;
  const report = await simulateOkta({
    ...{ baseUrl: proxy.baseUrl, token: server.token, flavour, users: users ?? 10 },
    ...{ patienceMs: 5, print: () => {} },
  });
  await proxy.close();
  const sentences = [...report.failures.map(failureSentence), ...report.differences.map(differenceSentence)];
  return { exitCode: report.exitCode, sentences };
}

const table: Record<FaultName, Fault> = FAULTS;

/** The sentence that each fault must bring out: a judge that condemns for another reason has not understood. */
export const SYMPTOMS: Record<FaultName, RegExp> = {
  'deactivation-not-applied': /: active should be false, but the server has true\.$/,
  'deactivation-deletes': /: the status of a read by id should be 200, but the server has 404\.$/,
  'reactivation-refused': /^.*: Bad Request\. Errors reported by remote server: This user cannot be changed\.$/,
  'revive-refused': /: Conflict\. Errors reported by remote server: SCIM User externalId already exists$/,
  'lookup-hides-inactive': /: the look-up by userName ".*" should be ".*", but the server has nothing\.$/,
  'id-changes-after-update': /\(.*@.*\): id should be "(.*)", but the server has "\1-2"\.$/,
  'made-twice': /^Import from \/Users: totalResults should be \d+, but the server has \d+\.$/,
  'external-id-dropped': /: externalId should be "00u.*", but the server has nothing\.$/,
  'active-as-text': /: active should be true, but the server has "true"\.$/,
  'groups-of-user-wrong': /: groups should be \[.*\], but the server has \[.*\]\.$/,
  'user-name-lower-cased': /: userName should be "Taro\.Yamada.*", but the server has "taro\.yamada.*"\.$/,
  'emails-flattened': /: emails should be a list, but the server has \{.*\}\.$/,
  'primary-forgotten': /: emails\[primary eq true\]\.value should be ".*", but the server has nothing\.$/,
  'put-drops-enterprise': /enterprise:2\.0:User:department should be ".*", but the server has nothing\.$/,
  'patch-drops-enterprise': /enterprise:2\.0:User:department should be ".*", but the server has nothing\.$/,
  'emptied-attributes-stay': /: nickName should be nothing, but the server has ".*"\.$/,
  'stale-after-update': /: name\.givenName should be ".*", but the server has ".*"\.$/,
  'stale-formatted-name':
    /: name\.formatted should be the new name or nothing, but the server has "Pat Placeholder"\.$/,
  'unicode-recomposed': /: name\.familyName should be "A\u030angstro\u0308m", but the server has "Ångström"\.$/,
  'unicode-as-latin-1': /: name\.givenName should be "太郎", but the server has "å.*"\.$/,
  'long-names-cut': /: name\.familyName should be "Wolfe.*… \(\d+ characters\), but the server has "Wolfe.*"\.$/,
  'placeholder-password-refused': /: Bad Request\. .*: The password does not meet the policy\.$/,
  'password-shown': /: password should be nothing, but the server has a password\.$/,
  'patch-not-implemented':
    /: Not Implemented\. Errors reported by remote server: patch-REPLACE-operation not supported$/,
  'read-only-echo-refused': /: Bad Request\. Errors reported by remote server: meta is readOnly\.$/,
  'total-as-text': /: totalResults should be an integer, but the server has "\d+"\.$/,
  'total-is-page-size': /^A page of one from \/Users: totalResults should be \d+, but the server has 1\.$/,
  'items-per-page-is-count': /: itemsPerPage should be \d+, but the server has 100\.$/,
  'duplicate-row': /: the import should be one record, but the server has two\.$/,
  'short-pages': /: the length of a page should be \d+ records, but the server has 10\.$/,
  'order-changes': /: the order should be that of the import before, but the server has another\.$/,
  'lookup-returns-everything': /: The look-up found \d+ records for userName eq ".*"\.$/,
  'lookup-miss-is-404': /^A look-up in \/Users that finds nothing: the status should be 200, but the server has 404\.$/,
  'lookup-minds-case': /: the look-up by userName "TARO.*" should be ".*", but the server has nothing\.$/,
  'past-the-end-is-404': /^A page of \/Users past the end: the status should be 200, but the server has 404\.$/,
  'read-answers-list': /^GET \/Users\/\{id\} → 200: schemas should be .*:User, but the server has .*ListResponse"\]\.$/,
  'errors-in-plain-text': /^GET \/Users\/\{id\} → 404: the body should be JSON, but the server has ".*"\.$/,
  'html-502': /: Invalid JSON: Unexpected character \('<'\) at line: 1, column: 1$|→ 502: the body should be JSON/,
  'unauthorized-in-plain-text': /^GET \/Users → 401: the body should be JSON, but the server has "Unauthorized"\.$/,
  'every-token-accepted': /^A wrong token: the status should be 401, but the server has 200\.$/,
  'error-status-as-number': /: status of an error should be "404", but the server has 404\.$/,
  'unknown-id-is-400': /^GET \/Users\/\{unknown\}: the status should be 404, but the server has 400\.$/,
  'created-without-location': /: Location should be the address of the new record, but the server has nothing\.$/,
  'created-without-id': /: Create new user returned empty user\.$/,
  'created-without-body': /: Create new user returned empty user\.$/,
  'created-differs-from-read': /: displayName \(as in the reply to the create, then in a read by id\) should be/,
  'put-answers-204': /: Update user returned empty user\.$/,
  'content-type-text':
    /: Content-Type should be application\/scim\+json, but the server has "text\/html; charset=utf-8"\.$/,
  'retry-after-as-date': /→ 429: Retry-After should be whole seconds, but the server has "\w{3}, .* GMT"\.$/,
  'meta-missing': /: meta\.resourceType should be "User", but the server has nothing\.$/,
  'filtered-remove-ignored': /: members should be 2 people, but the server has 4 \(too many: .*\)\.$/,
  'filtered-remove-clears-all': /: members should be \d+ people, but the server has 0 \(missing: .*\)\.$/,
  'add-replaces-members': /: members should be 4 people, but the server has 3 \(missing: .*\)\.$/,
  'add-ignored': /: members should be 4 people, but the server has 1 \(missing: .*\)\.$/,
  'replace-members-ignored': /: members should be \d+ people, but the server has 0 \(missing: .*\)\.$/,
  'push-now-without-path-ignored': /: members should be \d+ people, but the server has 0 \(missing: .*\)\.$/,
  'remove-of-absent-member-404':
    /^Group .*: Not Found\. Errors reported by remote server: This user is not a member\.$/,
  'hundred-members-at-most': /: members should be \d+ people, but the server has 100 \(missing: .*\)\.$/,
  'member-without-type-skipped': /: members should be \d+ people, but the server has 0 \(missing: .*\)\.$/,
  'members-not-shown': /: members should be \d+ people, but the server has 0 \(missing: .*\)\.$/,
  'member-shown-twice': /: members should be \d+ people, but the server has \d+ \(listed twice: .*\)\.$/,
  'rename-ignored': /^Group .*: displayName should be "Renamed .*", but the server has ".*"\.$/,
  'id-in-rename-refused': /^Group .*: Bad Request\. Errors reported by remote server: id is immutable\.$/,
  'empty-group-refused': /^Group .*: Bad Request\. Errors reported by remote server: members must not be empty\.$/,
  'group-delete-ignored': /^Group .*: the status of a read by id should be 404, but the server has 200\.$/,
  'group-delete-takes-users-along': /\(.*@.*\): the status of a read by id should be 200, but the server has 404\.$/,
};
