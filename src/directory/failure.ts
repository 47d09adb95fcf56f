import { fold, holdsToken, type ScimWrite, shorten } from '../scim/index.ts';
import type { Failure } from './change.ts';
import type { Decided } from './decide/index.ts';
import type { Facts } from './gather.ts';
import { nameOf } from './name-of.ts';
import type { StoredRecord } from './record.ts';
import type { Refusal } from './refusal.ts';
import { storedSentence } from './refusal-sentence.ts';

/**
 * The row that a refused write leaves: whom it was about, what was asked, what was answered. None when it was about nobody
 * whom this directory has or had, as nothing that comes later could end it; none when it was to remove somebody who is
 * gone; and none that a token stands in.
 */
export function failureOf(
  request: ScimWrite,
  refusal: Refusal,
  { requestId, at, facts }: { requestId: string; at: string; facts: Facts },
): Failure | undefined {
  const about = aboutWhom(request, facts);
  if (about === undefined || holdsToken(about.label) || holdsToken(about.subject)) return undefined;
  return {
    type: request.type.name,
    ...about,
    operation: request.kind,
    reason: refusal.reason,
    detail: storedSentence(refusal),
    requestId,
    at,
  };
}

function aboutWhom(request: ScimWrite, { current, removed }: Facts): Pick<Failure, 'subject' | 'label'> | undefined {
  if (request.kind === 'create') return byName(nameOf(request.type.name, request.draft.attributes));
  if (current !== undefined) {
    const name = storedName(current);
    return { subject: request.id, label: name === '' ? request.id : shorten(name) };
  }
  // Under the name, so that creating them again ends it: under the old id nothing will succeed any more.
  return removed === undefined || wantsGone(request) ? undefined : byName(removed);
}

/** A removal; and a deactivation, as one may have been told as such and removed the user (`deactivation: remove`). */
function wantsGone(request: Exclude<ScimWrite, { kind: 'create' }>): boolean {
  switch (request.kind) {
    case 'remove':
      return true;
    case 'replace':
      return request.draft.attributes.active === false;
    case 'patch':
      return request.operations.every(
        ({ path, value }) => path.kind === 'attribute' && path.target.attribute.name === 'active' && value === false,
      );
  }
}

function byName(name: string): Pick<Failure, 'subject' | 'label'> {
  return { subject: subjectOfName(name), label: shorten(name) };
}

/** A write that succeeds ends the failures of its subject: under its id, and under the name it was refused by. */
export function subjectsOf(
  request: ScimWrite,
  { record, replaced }: Pick<Decided, 'record' | 'replaced'>,
): readonly string[] {
  if (request.kind === 'remove') return [record.id];
  const also = replaced === undefined ? [] : [replaced];
  return [record.id, subjectOfName(storedName(record)), ...also];
}

/** Names may have 65,536 characters, and ten thousand rows of them would fill a disk. */
export function subjectOfName(name: string): string {
  return shorten(fold(name));
}

function storedName(record: StoredRecord | undefined): string {
  return record === undefined ? '' : nameOf(record.type, JSON.parse(record.text));
}
