import type { Outcome } from '../../directory/index.ts';
import { BULK_RESPONSE, type BulkOperation, bulkIdOf, etagOf } from '../../scim/index.ts';
import type { Reply } from '../call.ts';
import { Refused, toldOf } from '../refuse.ts';
import type { Result, Run } from './run.ts';
import { resolved } from './write.ts';

export function resultOf(run: Run, operation: BulkOperation, outcome: Outcome, status?: string): Result {
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

export function failed(run: Run, operation: BulkOperation, error: unknown): Result {
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

export function replyOf({ results, caller, used, ignored, logged }: Run, errors: number): Reply {
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
