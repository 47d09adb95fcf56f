import { fold, type ScimWrite } from '../scim/index.ts';
import type { Failure } from './change.ts';
import { type Facts, nameOf } from './gather.ts';
import type { StoredRecord } from './record.ts';
import { type Refusal, sentence } from './refusal.ts';

/**
 * The row that a refused write leaves: whom it was about, what was asked, what was answered. None when it was about an
 * id that can be nobody's: what stands in its place may be anything, a token in the wrong field too.
 */
export function failureOf(
  request: ScimWrite,
  refusal: Refusal,
  { requestId, at, facts }: { requestId: string; at: string; facts: Facts },
): Failure | undefined {
  if (request.kind !== 'create' && facts.current === undefined && !OURS.test(request.id)) return undefined;
  const type = request.type.name;
  const name = request.kind === 'create' ? nameOf(type, request.draft.attributes) : storedName(facts.current);
  return {
    type,
    subject: request.kind === 'create' ? fold(name) : request.id,
    label: name === '' && request.kind !== 'create' ? request.id : name,
    operation: request.kind,
    reason: refusal.reason,
    detail: sentence(refusal),
    requestId,
    at,
  };
}

/** The shape of every id that a record ever had: a UUID. */
const OURS = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;

/** A write that succeeds ends the failures of its subject: under its id, and under the name it was refused by. */
export function subjectsOf(request: ScimWrite, record: StoredRecord): readonly string[] {
  if (request.kind === 'remove') return [record.id];
  return [record.id, fold(storedName(record))];
}

function storedName(record: StoredRecord | undefined): string {
  return record === undefined ? '' : nameOf(record.type, JSON.parse(record.text));
}
