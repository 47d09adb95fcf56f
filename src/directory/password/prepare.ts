import { ScimError } from '../../scim/index.ts';

const MOST_CHARACTERS = 1024;

/**
 * A password as it is hashed and compared: prepared as RFC 7643 §4.1.1 has it (RFC 8265 OpaqueString: other spaces are
 * U+0020, and NFC), so that what is typed on another keyboard is the same. What a good password is, is the identity
 * provider's to say.
 */
export function preparePassword(clear: string): string {
  return clear.replaceAll(/\p{Zs}/gu, ' ').normalize('NFC');
}

/** Why a password cannot be taken; nothing of it is repeated. */
export function unfitPassword(clear: string): ScimError | undefined {
  // Every lone half would be hashed as the same character.
  if (!clear.isWellFormed()) return ScimError.invalidValue('password has a character that is only half of one.');
  const length = clear.length > 2 * MOST_CHARACTERS ? Number.POSITIVE_INFINITY : [...clear].length;
  if (length >= 1 && length <= MOST_CHARACTERS) return undefined;
  return ScimError.invalidValue(
    `password ${length === 0 ? 'is empty' : 'is too long'}: 1 to ${MOST_CHARACTERS} characters were expected.`,
  );
}
