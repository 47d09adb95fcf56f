import { fold, type JsonObject, type Resource } from '../../scim/index.ts';
import type { Refusal } from '../refusal.ts';

/**
 * `userNameIsEmail`: the userName is an e-mail address, and that of the user:
 *
 *     {"userName":"b@example.com","emails":[{"value":"B@Example.com","type":"work","primary":true}]}
 *
 * Whose name and addresses stay as they are is not asked, and nor is who is, or becomes, inactive: nobody's access stays
 * open for an address. They are asked when they come back.
 */
export function userNameRefused(before: Resource | undefined, after: Resource): Refusal | undefined {
  if (before !== undefined && (after.active === false || isAsBefore(before, after))) return undefined;
  const userName = String(after.userName);
  if (!isEmail(userName)) return { reason: 'user-name-no-email', userName };
  const emails = meant(after);
  if (emails.length === 0 || emails.some((email) => fold(email) === fold(userName))) return undefined;
  return { reason: 'user-name-not-the-email', userName };
}

function isAsBefore(before: Resource, after: Resource): boolean {
  if (before.active === false || before.userName !== after.userName) return false;
  const were = meant(before);
  const are = meant(after);
  return were.length === are.length && were.every((email, at) => email === are[at]);
}

/** The primary address, else that for work, else the only one; any of several of which none is the one that is meant. */
function meant({ emails }: Resource): readonly string[] {
  if (!Array.isArray(emails)) return [];
  const all = emails as JsonObject[];
  const primary = all.filter(({ primary }) => primary === true);
  const work = all.filter(({ type }) => typeof type === 'string' && fold(type) === 'work');
  const chosen = primary.length > 0 ? primary : work.length > 0 ? work : all;
  return chosen.flatMap(({ value }) => (typeof value === 'string' ? [value] : []));
}

/** RFC 5321 §4.5.3.1.3: a path has 256 octets, two of which are its brackets. */
const LONGEST = 254;
const LONGEST_LOCAL = 64;
const LONGEST_LABEL = 63;

/**
 * As people have them: `local@domain.tld`, in any script, neither quoted nor with a comment. In one pass over each part.
 */
export function isEmail(text: string): boolean {
  if (text.length > LONGEST) return false;
  const at = text.indexOf('@');
  const local = text.slice(0, at);
  if (at < 1 || local.length > LONGEST_LOCAL || text.indexOf('@', at + 1) !== -1) return false;
  if (!local.split('.').every((part) => part !== '' && isPlain(part))) return false;
  const labels = text.slice(at + 1).split('.');
  return labels.length > 1 && labels.every(isLabel);
}

function isLabel(label: string): boolean {
  if (label === '' || label.length > LONGEST_LABEL || label.startsWith('-') || label.endsWith('-')) return false;
  return isPlain(label);
}

const NOT_PLAIN = /[\s\p{C}"(),:;<>[\\\]]/u;

function isPlain(text: string): boolean {
  return !NOT_PLAIN.test(text);
}
