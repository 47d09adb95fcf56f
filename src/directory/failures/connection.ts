import type { Failure } from '../change.ts';
import type { JournalEntry } from '../journal.ts';

/** `type` of the rows that concern a whole connection, and nobody in particular. */
export const CONNECTION = 'Connection';

export type ConnectionReason =
  | 'key-expired'
  | 'key-revoked'
  | 'plan'
  | 'sso'
  | 'aborted'
  | 'too-large'
  | 'too-many-requests'
  | 'unavailable'
  | 'error';

/** What a call says about its connection: undefined for one that says nothing of it, whatever was refused. */
export function connectionReason({ status, outcome, isAborted }: JournalEntry): ConnectionReason | undefined {
  if (outcome === 'key-expired' || outcome === 'key-revoked' || outcome === 'plan' || outcome === 'sso') return outcome;
  if (isAborted) return 'aborted';
  if (status === 413) return 'too-large';
  if (status === 429) return 'too-many-requests';
  if (status === 503) return 'unavailable';
  // 501 is a client's wish for what is not offered: nothing failed.
  return status >= 500 && status !== 501 ? 'error' : undefined;
}

/** The row that it leaves: one a reason and credential. */
export function connectionFailure(entry: JournalEntry, reason: ConnectionReason): Failure {
  const { credential = '', credentialName, requestId, at } = entry;
  return {
    type: CONNECTION,
    subject: connectionSubject(reason, credential),
    label: credentialName ?? credential,
    operation: asked(entry),
    reason,
    detail: SENTENCES[reason],
    requestId,
    at: new Date(at).toISOString(),
  };
}

export function connectionSubject(reason: string, credential: string): string {
  return `${reason}:${credential}`;
}

export function asked({ method }: Pick<JournalEntry, 'method'>): 'read' | 'write' {
  return method === 'GET' || method === 'HEAD' || method === 'OPTIONS' ? 'read' : 'write';
}

const SENTENCES: Readonly<Record<ConnectionReason, string>> = {
  'key-expired':
    'The identity provider connects with a SCIM token that has expired, so that nothing of what it sends is done.',
  'key-revoked':
    'The identity provider connects with a SCIM token that was revoked, so that nothing of what it sends is done.',
  plan: 'The plan of the organization does not include provisioning, so that nothing of what the identity provider sends is done.',
  sso: 'The organization has not enabled SSO, without which nothing of what the identity provider sends is done.',
  aborted:
    'The identity provider closed the connection before it had its reply. What it asked may have been done or not; it will ask again.',
  'too-large': 'The identity provider sent a request that is larger than what is taken here. Nothing of it was done.',
  'too-many-requests': 'The identity provider sent more requests than are taken at once. It was told when to go on.',
  unavailable:
    'A request could not be taken at that moment, and nothing of it was done. It was told when to try again.',
  error: 'A request failed by a fault of this service. Nothing of it was done.',
};
