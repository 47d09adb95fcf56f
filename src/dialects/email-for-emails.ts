import { type AttributePath, findTarget, type ResourceType } from '../scim/index.ts';
import type { Rewrite } from './rewrite.ts';

/**
 *     email Co "bjensen@example.com"  →  emails co "bjensen@example.com"
 *
 * Only in filters, where it can be nothing else, and only when no schema of the type has an `email` of its own.
 */
export const emailForEmails: Rewrite = {
  name: 'email-for-emails',
  quirks: [],
  sentBy: 'PingOne, in the example of its guide that administrators copy (§3: `email Co "%s"`)',
  filterPath: (path, type) => (isEmail(path) && isOnlyEmails(type) ? { name: 'emails' } : path),
};

function isEmail({ urn, name, sub }: AttributePath): boolean {
  return urn === undefined && sub === undefined && name.length === 'email'.length && name.toLowerCase() === 'email';
}

function isOnlyEmails(type: ResourceType): boolean {
  return findTarget(type, { name: 'email' }) === undefined && findTarget(type, { name: 'emails' }) !== undefined;
}
