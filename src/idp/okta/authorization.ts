import { Buffer } from 'node:buffer';
import type { AuthMode } from './flavour.ts';

/**
 * The Authorization header of each way to connect (idp-clients §1.3).
 *
 *     bearer      Authorization: Bearer {token}
 *     raw-header  Authorization: {token}            Okta adds no scheme of its own
 *     basic       Authorization: Basic base64(okta:{token})
 */
export function authorizationHeader(token: string, mode: AuthMode): string {
  if (mode === 'raw-header') return token;
  if (mode === 'basic') return `Basic ${Buffer.from(`okta:${token}`, 'utf8').toString('base64')}`;
  return `Bearer ${token}`;
}
