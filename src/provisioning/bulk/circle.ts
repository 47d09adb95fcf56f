import type { Outcome } from '../../directory/index.ts';
import {
  type BulkOperation,
  bulkIdsIn,
  type JsonObject,
  replaceBulkIds,
  ScimError,
  type ScimWrite,
  shorten,
  withoutBulkIds,
} from '../../scim/index.ts';
import { Refused } from '../refuse.ts';
import { failed, resultOf } from './result.ts';
import type { Result, Run } from './run.ts';
import { refuseUnknown, writeOf } from './write.ts';

export function isCircle({ operations, bulkIds }: Run, step: readonly number[]): boolean {
  if (step.length > 1) return true;
  const [index = 0] = step;
  const { bulkId, method } = operations[index] as BulkOperation;
  return method === 'POST' && bulkId !== undefined && bulkIds[index]?.has(bulkId) === true;
}

/**
 * RFC 7644 §3.7.1: resources that refer to each other are created without these references, and get them afterwards, in
 * one transaction.
 */
export async function circle(run: Run, step: readonly number[]): Promise<readonly Result[]> {
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
