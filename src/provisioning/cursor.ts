import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { type Position, ScimError, type Walk } from '../scim/index.ts';

/** How long a cursor may be used after the page that it came with (RFC 9865 §4, `cursorTimeout`), in seconds. */
export const CURSOR_TIMEOUT = 3600;
/** What a page's position may weigh, sealed: names are at most 1,024 characters, other values are cut by the store. */
export const LONGEST = 16_384;

export interface Cursors {
  /**
   * `nextCursor`: opaque, of unreserved characters only, worth nothing in another directory or for another query. It may be
   * used by another credential of the directory: tokens are exchanged in mid-walk.
   */
  seal(position: Position, walk: Walk): string;
  /** @throws ScimError invalidCursor, expiredCursor */
  open(cursor: string, walk: Walk): Position;
}

/**
 * Cursors hold their place themselves (RFC 9865 §5): nothing is kept for them here, they outlive a restart, and every
 * replica with the same key reads them. They are encrypted, since a place in a sorted list is somebody's attribute.
 */
export function createCursors(key: Uint8Array, now: () => number): Cursors {
  return {
    seal(position, walk) {
      const nonce = randomBytes(NONCE);
      const cipher = createCipheriv(ALGORITHM, key, nonce).setAAD(bindingOf(walk));
      const text = JSON.stringify([Math.floor(now() / 1000), position]);
      return Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString(
        'base64url',
      );
    },
    open(cursor, walk) {
      const [issued, position] = unseal(cursor, key, walk);
      if (now() / 1000 - issued > CURSOR_TIMEOUT) {
        throw ScimError.expiredCursor(
          `The cursor was given out more than ${CURSOR_TIMEOUT / 60} minutes ago and has expired. Begin again with an empty cursor.`,
        );
      }
      return position;
    },
  };
}

const ALGORITHM = 'aes-256-gcm';
const NONCE = 12;
const TAG = 16;

/** RFC 9865 §5: one answer for what was never given out, was given to another, or belongs to another query. */
function unseal(cursor: string, key: Uint8Array, walk: Walk): [number, Position] {
  const sealed = cursor.length <= LONGEST && /^[\w-]+$/.test(cursor) ? Buffer.from(cursor, 'base64url') : undefined;
  if (sealed === undefined || sealed.length <= NONCE + TAG || sealed.toString('base64url') !== cursor) throw invalid();
  try {
    const decipher = createDecipheriv(ALGORITHM, key, sealed.subarray(0, NONCE), { authTagLength: TAG })
      .setAAD(bindingOf(walk))
      .setAuthTag(sealed.subarray(-TAG));
    const text = Buffer.concat([decipher.update(sealed.subarray(NONCE, -TAG)), decipher.final()]).toString('utf8');
    return JSON.parse(text) as [number, Position];
  } catch {
    throw invalid();
  }
}

function bindingOf({ directory, query }: Walk): Buffer {
  return createHash('sha256')
    .update(JSON.stringify([directory, ...query.map((part) => part ?? null)]))
    .digest();
}

function invalid(): ScimError {
  return ScimError.invalidCursor(
    'The cursor is not one that this query gave out. Send nextCursor as it was, with the same filter and sorting, or begin again with an empty cursor.',
  );
}
