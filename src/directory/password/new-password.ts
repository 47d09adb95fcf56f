import { passwordIn, ScimError, type ScimWrite } from '../../scim/index.ts';
import type { Actor } from '../actor.ts';
import type { InTurn } from '../in-turn.ts';
import type { DirectoryStore } from '../ports.ts';
import { hashPassword, matchesHash } from './hash.ts';
import { preparePassword, unfitPassword } from './prepare.ts';

/** What a write makes of a password: its hash, or why it cannot be taken. */
export type NewPassword =
  | { readonly kind: 'hashed'; readonly hash: string }
  | { readonly kind: 'unfit'; readonly error: ScimError };

export interface PasswordMeans {
  readonly store: Pick<DirectoryStore, 'passwordOf'>;
  readonly inTurn: InTurn;
}

/** Whether a write says something of a password in a directory that has passwords: elsewhere it is forgotten (Okta always sends one). */
export function saysPassword({ directory }: Actor, request: ScimWrite): boolean {
  return directory.policy.features.syncPassword && passwordIn(request) !== undefined;
}

/**
 * Worked out before the transaction, as others would wait for it. Undefined: the write says nothing of a password, or the
 * one that the user has.
 *
 * @throws StoreUnavailable
 */
export async function newPassword(
  { store, inTurn }: PasswordMeans,
  actor: Actor,
  request: ScimWrite,
): Promise<NewPassword | undefined> {
  if (!saysPassword(actor, request)) return undefined;
  const clear = passwordIn(request);
  if (typeof clear !== 'string') return { kind: 'unfit', error: NOT_REMOVED };
  const error = unfitPassword(clear);
  if (error !== undefined) return { kind: 'unfit', error };
  const { id: directory } = actor.directory;
  const prepared = preparePassword(clear);
  const stored = request.kind === 'create' ? undefined : await store.passwordOf(directory, request.id);
  if (stored !== undefined && (await inTurn(directory, () => matchesHash(prepared, stored)))) return undefined;
  return { kind: 'hashed', hash: await inTurn(directory, () => hashPassword(prepared)) };
}

const NOT_REMOVED = ScimError.mutability(
  'password is replaced by another one, and not removed. To keep the user out, send active false.',
);
