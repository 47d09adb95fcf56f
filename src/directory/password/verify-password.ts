import { findTarget, fold } from '../../scim/index.ts';
import type { DirectoryContext } from '../actor.ts';
import { createTurns, type InTurn } from '../in-turn.ts';
import type { DirectoryStore, Reader } from '../ports.ts';
import type { StoredRecord } from '../record.ts';
import { userType } from '../user-type.ts';
import { hashPassword, matchesHash } from './hash.ts';
import { preparePassword, unfitPassword } from './prepare.ts';

/**
 * Whether this is the password of an active user of the directory, as the identity provider has set it. Never of one who
 * is inactive (T-DEP-03), nor where passwords are not synchronised any more: an old one would live on there.
 *
 * @throws StoreUnavailable
 */
export type VerifyPassword = (
  directory: DirectoryContext,
  given: { readonly userName: string; readonly password: string },
) => Promise<boolean>;

export function createVerifyPassword(store: DirectoryStore, inTurn: InTurn = createTurns()): VerifyPassword {
  // Compared with where there is nothing, so that how long it takes does not say who is there.
  let nobodys: Promise<string> | undefined;
  return async ({ id: directory, policy, types, base }, { userName, password }) => {
    const user = await findUser(store.reader(directory), { types, base, userName });
    const mayMatch = user?.active === true && policy.features.syncPassword && unfitPassword(password) === undefined;
    const stored = mayMatch ? await store.passwordOf(directory, user.id) : undefined;
    const prepared = preparePassword(stored === undefined ? '' : password);
    return inTurn(directory, async () => {
      nobodys ??= hashPassword(NOBODYS);
      return (await matchesHash(prepared, stored ?? (await nobodys))) && stored !== undefined;
    });
  };
}

const NOBODYS = 'nobody has this one';

async function findUser(
  reader: Reader,
  { types, base, userName }: Pick<DirectoryContext, 'types' | 'base'> & { readonly userName: string },
): Promise<StoredRecord | undefined> {
  const type = userType(types);
  const path = findTarget(type, { name: 'userName' });
  if (path === undefined) return undefined;
  const filter = { kind: 'compare', path, operator: 'eq', value: userName, key: fold(userName) } as const;
  const page = await reader.page(
    [{ type, filter, view: {} }],
    { startIndex: 1, count: 1 },
    { base, walker: 'sign-in' },
  );
  return page.records[0];
}
