import { inSlices, turn } from '../../directory/index.ts';
import { type BulkOperation, planBulk, readBulk, replaceBulkIds } from '../../scim/index.ts';
import type { Call, Reply } from '../call.ts';
import type { Caller } from '../caller.ts';
import { MAX_BODY, MAX_BULK_OPERATIONS, MAX_GROUP_VALUES } from '../limits.ts';
import { readWrite, readWriteInSteps } from '../read.ts';
import { readJson } from '../read-body.ts';
import { refuseToken } from '../read-query.ts';
import { circle, isCircle } from './circle.ts';
import { failed, replyOf, resultOf } from './result.ts';
import type { BulkMeans, Result, Run } from './run.ts';
import { refuseUnknown, writeGiven } from './write.ts';

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
