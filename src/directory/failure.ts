import { fold, type ScimWrite } from '../scim/index.ts';
import type { Failure } from './change.ts';
import { type Facts, nameOf } from './gather.ts';
import type { StoredRecord } from './record.ts';
import { type Refusal, sentence } from './refusal.ts';

/** The row that a refused write leaves: whom it was about, what was asked, what was answered. */
export function failureOf(
  request: ScimWrite,
  refusal: Refusal,
  { requestId, at, facts }: { requestId: string; at: string; facts: Facts },
): Failure {
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

/** A write that succeeds ends the failures of its subject: under its id, and under the name it was refused by. */
export function subjectsOf(request: ScimWrite, record: StoredRecord): readonly string[] {
  if (request.kind === 'remove') return [record.id];
  return [record.id, fold(storedName(record))];
}

function storedName(record: StoredRecord | undefined): string {
  return record === undefined ? '' : nameOf(record.type, JSON.parse(record.text));
}
