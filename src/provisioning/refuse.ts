import { CommitUnheard, type Refusal, StoreUnavailable, sentence, TooMuchWaiting } from '../directory/index.ts';
import { ScimError } from '../scim/index.ts';
import type { Call, Reply, ReplyNote } from './call.ts';
import type { Caller } from './caller.ts';
import { whoseIs } from './whose.ts';

/** How a call that came to nothing is told: always SCIM JSON, and nothing internal. */
export function refuse(error: unknown, { call, caller, used }: Refusing): Reply {
  const told = toldOf(error, call);
  return {
    status: told.status,
    headers: { 'content-type': 'application/scim+json', ...told.headers },
    body: JSON.stringify(told),
    note: {
      outcome: outcomeOf(error, told),
      ...whoIs(error, caller),
      ...(used.size === 0 ? {} : { rewrites: [...used] }),
      // What a server lacks is its operator's to know: which limit it was, in the words of the refusal.
      ...(error === told && (told.status < 500 || told.status === 501) ? {} : { logged: error }),
    },
  };
}

interface Refusing {
  readonly call: Call;
  readonly caller: Caller | undefined;
  readonly used: ReadonlySet<string>;
}

export function toldOf(error: unknown, { requestId }: Call): ScimError {
  if (error instanceof ScimError) return error;
  if (error instanceof Refused) return scimErrorOf(error.refusal);
  if (error instanceof CommitUnheard) {
    return ScimError.unavailable(
      `The connection to the database was lost while this was being written, so that it may be done or not. Try again: what is there is found. If it goes on, quote the request id ${requestId} to support.`,
      5,
    );
  }
  if (error instanceof TooMuchWaiting) {
    return ScimError.tooManyRequests(
      'As many requests of this kind are waiting as may wait at once, so nothing of this one was done. Send it again in 5 seconds; most identity providers do so by themselves. If it goes on, let the identity provider send fewer at once.',
      5,
    );
  }
  if (error instanceof StoreUnavailable) {
    return ScimError.unavailable(
      `Nothing was changed: the database cannot take the request at this moment. Try again. If it goes on, quote the request id ${requestId} to support.`,
      5,
    );
  }
  return ScimError.internal(
    `Something went wrong here, and nothing was changed. Try again; if it goes on, quote the request id ${requestId} to support.`,
  );
}

/** A refusal of the directory on its way to the reply. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(refusal.reason);
    this.refusal = refusal;
  }
}

/** The one table between the directory's words and the protocol's (RFC 7644 §3.12). */
function scimErrorOf(refusal: Refusal): ScimError {
  const detail = sentence(refusal);
  switch (refusal.reason) {
    case 'not-found':
      return ScimError.notFound(detail);
    case 'name-taken':
    case 'external-id-taken':
    case 'two-matches':
      return ScimError.uniqueness(detail);
    case 'version-mismatch':
      return ScimError.preconditionFailed(detail);
    case 'unknown-members':
    case 'member-of-itself':
    case 'unknown-manager':
    case 'not-declared':
    case 'user-name-no-email':
    case 'user-name-not-the-email':
      return ScimError.invalidValue(detail);
    case 'not-owned':
      // RFC 7644 §3.3: who is created is there already.
      return refusal.asked === 'create' ? ScimError.uniqueness(detail) : ScimError.conflict(detail);
    // Decision 34: about a person, and not a key; the provider's queue goes on.
    case 'seats-full':
    case 'protected-user':
    case 'last-with-role':
    case 'too-few-left':
    case 'held':
    case 'role-above-ceiling':
    case 'group-gives-role':
      return ScimError.conflict(detail);
    case 'protocol':
      return refusal.error;
  }
}

function outcomeOf(error: unknown, told: ScimError): string {
  if (error instanceof Refused) return error.refusal.reason;
  return whoseIs(error)?.outcome ?? told.scimType ?? String(told.status);
}

function whoIs(
  error: unknown,
  caller: Caller | undefined,
): Pick<ReplyNote, 'directory' | 'credential' | 'credentialName'> {
  if (caller !== undefined) {
    return { directory: caller.directory.id, credential: caller.by.id, credentialName: caller.by.name };
  }
  const whose = whoseIs(error);
  if (whose === undefined) return {};
  return { directory: whose.directory, credential: whose.credential.id, credentialName: whose.credential.name };
}
