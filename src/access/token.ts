import { hash, randomBytes } from 'node:crypto';

/** Found by secret scanners and by our own log, which cuts whatever looks like a token out of every line. */
const PREFIX = 'jn-';
/** 256 bits, base64url: 43 characters. */
const SHAPE = /^jn-[A-Za-z0-9_-]{43}$/;

/**
 * A new token, to be shown once and then forgotten: 256 random bits.
 *
 *     jn-q0Zt3m…   46 characters
 */
export function mintToken(): string {
  return PREFIX + randomBytes(32).toString('base64url');
}

/**
 * What is kept of a token: SHA-256 of all of it, base64url. No salt and no slow hash, as there is nothing to guess in
 * 256 random bits; and none of a stored hash's bytes can be steered by who presents a token, so that looking it up tells
 * by its time nothing of use.
 */
export function hashToken(token: string): string {
  return hash('sha256', token, 'base64url');
}

/** False for what can be no token of ours, so that nobody asks the database about it. */
export function looksLikeToken(text: string): boolean {
  return SHAPE.test(text);
}
