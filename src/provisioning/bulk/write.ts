import {
  type BulkOperation,
  bulkIdOf,
  readVersionCondition,
  ScimError,
  type ScimWrite,
  shorten,
  type VersionCondition,
  type View,
} from '../../scim/index.ts';
import { checkNames } from '../names.ts';
import { readWrite, type WriteGiven } from '../read.ts';
import { atRegisteredName, route } from '../route.ts';
import { checkSizes } from '../sizes.ts';
import type { Run } from './run.ts';

/** The same `route` and `read` as for a call, so that scope, endpoints, rewrites and checks are the same. */
export function writeOf(run: Run, operation: BulkOperation, message: BulkOperation['data']): ScimWrite {
  return readWrite(writeGiven(run, operation, message), run);
}

export function writeGiven(run: Run, operation: BulkOperation, message: BulkOperation['data']): WriteGiven {
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
export function resolved({ segments }: BulkOperation, { call, ids }: Run): readonly string[] {
  const known = segments.map((segment) => {
    const id = bulkIdOf(segment);
    return (id === undefined ? undefined : ids.get(id)) ?? segment;
  });
  return atRegisteredName({ ...call, segments: known }).segments;
}

/** BLK-21, BLK-22: no `bulkId:` is ever stored, whoever it was meant for. */
export function refuseUnknown({ ids }: Run, { segments }: BulkOperation, bulkIds: ReadonlySet<string>): void {
  for (const id of [...bulkIds, bulkIdOf(segments[1] ?? '')]) {
    if (id === undefined || ids.has(id)) continue;
    throw ScimError.conflict(
      `The operation refers to "bulkId:${shorten(id)}", which no operation of this request has created. Correct that one, or send this one with the id of the resource.`,
    );
  }
}
