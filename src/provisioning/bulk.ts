import { inSlices, type Outcome, type Perform, turn } from '../directory/index.ts';
import {
  BULK_RESPONSE,
  type BulkOperation,
  bulkIdOf,
  bulkIdsIn,
  etagOf,
  type JsonObject,
  planBulk,
  readBulk,
  readVersionCondition,
  replaceBulkIds,
  ScimError,
  type ScimWrite,
  shorten,
  type VersionCondition,
  type View,
  withoutBulkIds,
} from '../scim/index.ts';
import type { Call, Reply } from './call.ts';
import type { Caller } from './caller.ts';
import { MAX_BODY, MAX_BULK_OPERATIONS, MAX_GROUP_VALUES } from './limits.ts';
import { checkNames } from './names.ts';
import { readWrite, readWriteInSteps, type WriteGiven } from './read.ts';
import { readJson } from './read-body.ts';
import { refuseToken } from './read-query.ts';
import { Refused, toldOf } from './refuse.ts';
import { atRegisteredName, route } from './route.ts';
import { checkSizes } from './sizes.ts';

export interface BulkMeans {
  readonly perform: Perform;
  readonly used: Set<string>;
  /** Who asks, as of now: a token may be revoked, or expire, before the last operation. */
  readonly admit: () => Promise<Caller>;
}

/**
 * `POST /Bulk` (RFC 7644 §3.7): each operation is routed, read, performed and told as a call of its own would be, one
 * after the other, each committed before the next begins; so a crash leaves whole operations only. Each has a turn of the
 * event loop of its own (decision 30), though it may not reach the store.
 *
 * @throws ScimError 400, 403 and 413 for what is wrong with the request as a whole
 */
export async function bulk(call: Call, caller: Caller, means: BulkMeans): Promise<Reply> {
  // BLK-33: what else stands there is ignored.
  refuseToken(call.query);
  const { body, isLong } = await readJson(call, caller, { bytes: MAX_BODY, values: MAX_GROUP_VALUES });
  const request = readBulk(body, MAX_BULK_OPERATIONS);
  const { steps, bulkIds } = await inSlices(planBulk(request.operations), caller.directory.id);
  const run: Run = {
    ...means,
    call,
    caller,
    isLong,
    operations: request.operations,
    bulkIds,
    ids: new Map(),
    results: [],
    ignored: new Set(),
    logged: [],
  };
  let errors = 0;
  for (const step of steps) {
    await turn();
    const [first = 0] = step;
    const results = isCircle(run, step) ? await circle(run, step) : [await one(run, first)];
    for (const [at, index] of step.entries()) {
      const result = results[at];
      if (result === undefined) continue;
      run.results[index] = result;
      if ('response' in result) errors += 1;
    }
    // BLK-15: what has not been tried is not told.
    if (errors >= request.failOnErrors) break;
  }
  return replyOf(run, errors);
}

interface Run extends BulkMeans {
  readonly call: Call;
  readonly caller: Caller;
  /** Whatever goes through all of an operation lets others have their turn meanwhile. */
  readonly isLong: boolean;
  readonly operations: readonly BulkOperation[];
  /** By operation: what its data refers to. */
  readonly bulkIds: readonly ReadonlySet<string>[];
  /** The ids of what was created, by bulkId. */
  readonly ids: Map<string, string>;
  readonly results: Result[];
  /** The attributes that were sent and are not kept. */
  readonly ignored: Set<string>;
  /** The causes of 5xx, for the operator. */
  readonly logged: unknown[];
}

/** RFC 7644 §3.7: an element of `Operations` in the response; `status` as a string (conflict D7). */
interface Result {
  readonly location?: string;
  readonly method: string;
  readonly bulkId?: string;
  readonly version?: string;
  readonly status: string;
  readonly response?: ScimError;
}

async function one(run: Run, index: number): Promise<Result> {
  const operation = run.operations[index] as BulkOperation;
  try {
    const caller = await run.admit();
    const bulkIds = run.bulkIds[index] ?? NONE;
    refuseUnknown(run, operation, bulkIds);
    if (bulkIds.size > 0) replaceBulkIds(operation.data, run.ids);
    const given = writeGiven({ ...run, caller }, operation, operation.data);
    const means = { ...run, caller };
    const write = run.isLong
      ? await inSlices(readWriteInSteps(given, means), caller.directory.id)
      : readWrite(given, means);
    const outcome = await run.perform(caller, write);
    return resultOf(run, operation, outcome);
  } catch (error) {
    return failed(run, operation, error);
  }
}

const NONE: ReadonlySet<string> = new Set();

/** BLK-21, BLK-22: no `bulkId:` is ever stored, whoever it was meant for. */
function refuseUnknown({ ids }: Run, { segments }: BulkOperation, bulkIds: ReadonlySet<string>): void {
  for (const id of [...bulkIds, bulkIdOf(segments[1] ?? '')]) {
    if (id === undefined || ids.has(id)) continue;
    throw ScimError.conflict(
      `The operation refers to "bulkId:${shorten(id)}", which no operation of this request has created. Correct that one, or send this one with the id of the resource.`,
    );
  }
}

/** The same `route` and `read` as for a call, so that scope, endpoints, rewrites and checks are the same. */
function writeOf(run: Run, operation: BulkOperation, message: BulkOperation['data']): ScimWrite {
  return readWrite(writeGiven(run, operation, message), run);
}

function writeGiven(run: Run, operation: BulkOperation, message: BulkOperation['data']): WriteGiven {
  const { method, version } = operation;
  if (operation.fault !== undefined) throw operation.fault;
  const segments = resolved(operation, run);
  // BLK-29.
  if (segments[0] === 'Me' || segments[0] === 'Bulk' || segments[1] === '.search') throw notInBulk(segments);
  const place = route({ ...run.call, method, segments }, run.caller);
  if (place.kind !== 'resources') throw notInBulk(segments);
  checkNames(message);
  checkSizes(message, place.type);
  const preconditions = version === undefined ? {} : { ifMatch: versionIn(version) };
  return { method, type: place.type, id: place.id, message, preconditions, view: MINIMUM };
}

function versionIn(version: string): VersionCondition {
  try {
    return readVersionCondition(version);
  } catch {
    throw ScimError.invalidValue(
      `The version of the operation, "${shorten(version)}", is no entity tag; one such as W/"3" was expected.`,
    );
  }
}

function notInBulk(segments: readonly string[]): ScimError {
  return ScimError.invalidValue(
    `"/${shorten(segments.join('/'))}" cannot be part of a bulk: the endpoint of a type of resource, such as "/Users", or one of its resources was expected.`,
  );
}

/** Nothing of a resource is told but where it is and its version. */
const MINIMUM: View = { attributes: [] };

/** At the endpoint's registered name, as a call's path is. */
function resolved({ segments }: BulkOperation, { call, ids }: Run): readonly string[] {
  const known = segments.map((segment) => {
    const id = bulkIdOf(segment);
    return (id === undefined ? undefined : ids.get(id)) ?? segment;
  });
  return atRegisteredName({ ...call, segments: known }).segments;
}

function isCircle({ operations, bulkIds }: Run, step: readonly number[]): boolean {
  if (step.length > 1) return true;
  const [index = 0] = step;
  const { bulkId, method } = operations[index] as BulkOperation;
  return method === 'POST' && bulkId !== undefined && bulkIds[index]?.has(bulkId) === true;
}

/**
 * RFC 7644 §3.7.1: resources that refer to each other are created without these references, and get them afterwards, in
 * one transaction.
 */
async function circle(run: Run, step: readonly number[]): Promise<readonly Result[]> {
  const operations = step.map((index) => run.operations[index] as BulkOperation);
  const own = new Set(operations.flatMap(({ bulkId }) => bulkId ?? []));
  const created = new Map(run.ids);
  const undo: (() => void)[] = [];
  let tried = 0;
  try {
    const caller = await run.admit();
    const running = { ...run, caller };
    const creates = operations.map((operation, at) => (): ScimWrite => {
      // A transaction may begin again, and then the ids of before are nobody's.
      if (at === 0) for (const each of undo.splice(0)) each();
      tried = at;
      const bare = withoutBulkIds(operation.data as JsonObject, own);
      refuseUnknown(run, operation, bulkIdsIn(bare));
      replaceBulkIds(bare, run.ids);
      return writeOf(running, operation, bare);
    });
    const links = operations.map((operation, at) => (done: readonly Outcome[]): ScimWrite => {
      if (at === 0) for (const [n, { bulkId = '' }] of operations.entries()) created.set(bulkId, idOf(done[n]));
      tried = at;
      undo.push(replaceBulkIds(operation.data, created));
      const { bulkId = '', segments, version: _, ...rest } = operation;
      const put = { ...rest, method: 'PUT', segments: [segments[0] ?? '', created.get(bulkId) ?? ''] };
      return writeOf(running, put, operation.data);
    });
    const outcomes = await run.perform(caller, { kind: 'together', steps: [...creates, ...links] });
    const refused = outcomes.at(-1);
    if (refused?.kind === 'refused') return circleFailed(run, operations, tried, new Refused(refused.refusal));
    return operations.map((operation, at) => {
      const linked = outcomes[operations.length + at] as Outcome;
      return resultOf(run, operation, linked, '201');
    });
  } catch (error) {
    return circleFailed(run, operations, tried, error);
  }
}

function circleFailed(
  run: Run,
  operations: readonly BulkOperation[],
  culprit: number,
  error: unknown,
): readonly Result[] {
  return operations.map((operation, at) => {
    if (at === culprit) return failed(run, operation, error);
    const { bulkId = '' } = operations[culprit] as BulkOperation;
    const detail = `The resource refers to "bulkId:${shorten(bulkId)}" in a circle, and that one could not be created, so this one was not either.`;
    return failed(run, operation, ScimError.conflict(detail));
  });
}

function idOf(outcome: Outcome | undefined): string {
  return outcome?.kind === 'created' ? outcome.shown.record.id : '';
}

function resultOf(run: Run, operation: BulkOperation, outcome: Outcome, status?: string): Result {
  const { method, bulkId } = operation;
  const told = { method, ...(bulkId === undefined ? {} : { bulkId }) };
  switch (outcome.kind) {
    case 'refused':
      throw new Refused(outcome.refusal);
    case 'created':
    case 'changed':
    case 'unchanged': {
      const { record } = outcome.shown;
      for (const name of outcome.ignored ?? []) run.ignored.add(name);
      if (method === 'POST' && bulkId !== undefined) run.ids.set(bulkId, record.id);
      const location = `${run.call.base}/${resolved(operation, run)[0]}/${record.id}`;
      return {
        location,
        ...told,
        version: etagOf(record.version),
        status: status ?? (outcome.kind === 'created' ? '201' : '200'),
      };
    }
    case 'removed':
      // As the reply to a call of its own would be: a PUT that deactivated the user shows what was.
      if (outcome.shown === undefined || method !== 'PUT') break;
      return { ...locationOf(run, operation), ...told, version: etagOf(outcome.shown.record.version), status: '200' };
  }
  return { ...locationOf(run, operation), ...told, status: '204' };
}

function failed(run: Run, operation: BulkOperation, error: unknown): Result {
  const { method, bulkId } = operation;
  const response = toldOf(error, run.call);
  if (response.status >= 500) run.logged.push(error);
  return {
    ...locationOf(run, operation),
    method,
    ...(bulkId === undefined ? {} : { bulkId }),
    status: String(response.status),
    response,
  };
}

/** BLK-10: what was to be created, or is named by what was not created, is nowhere. */
function locationOf(run: Run, operation: BulkOperation): { readonly location?: string } {
  const segments = resolved(operation, run);
  const [, id] = segments;
  if (id === undefined || bulkIdOf(id) !== undefined) return {};
  return { location: `${run.call.base}/${segments.map(encodeURIComponent).join('/')}` };
}

function replyOf({ results, caller, used, ignored, logged }: Run, errors: number): Reply {
  // BLK-34: in the order of the request; an operation that was not tried has left a hole.
  const told = results.filter((result) => result !== undefined);
  return {
    status: 200,
    headers: { 'content-type': 'application/scim+json' },
    body: JSON.stringify({ schemas: [BULK_RESPONSE], Operations: told }),
    note: {
      directory: caller.directory.id,
      credential: caller.by.id,
      outcome: errors === 0 ? 'bulk' : `bulk, ${errors} of ${told.length} refused`,
      ...(used.size === 0 ? {} : { rewrites: [...used] }),
      ...(ignored.size === 0 ? {} : { ignored: [...ignored] }),
      ...(logged.length === 0 ? {} : { logged: logged[0] }),
    },
  };
}
