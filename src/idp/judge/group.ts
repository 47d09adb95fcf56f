import { asArray, asText, type Json, member, shown } from '../json.ts';
import type { Ledger } from '../ledger.ts';
import { type PushedGroup, pushable } from '../okta/group.ts';
import { nameOf } from '../okta/person.ts';

/** Holds the server's group against Okta's: its name, and who is in it, each once. */
export function compareGroup(ledger: Ledger, group: PushedGroup, resource: Json): void {
  const who = `Group ${shown(group.name)}`;
  const name = member(resource, 'displayName');
  if (name !== group.name) ledger.differ(who, 'displayName', { expected: group.name, found: name });
  const id = member(resource, 'id');
  if (id !== group.appId) ledger.differ(who, 'id', { expected: group.appId, found: id });
  compareMembers(ledger, group, memberIds(resource));
}

/** An absent `members` is an empty one (RFC 7643 §2.5). */
function memberIds(resource: Json): string[] {
  return (asArray(member(resource, 'members')) ?? []).map((row) => asText(member(row, 'value')) ?? '');
}

function compareMembers(ledger: Ledger, group: PushedGroup, found: readonly string[]): void {
  const names = new Map(pushable(group.members).map((person) => [person.appId, nameOf(person)]));
  const expected = new Set<string>(group.others);
  for (const { appId } of pushable(group.members)) if (appId !== undefined) expected.add(appId);
  const present = new Set(found);
  const faults = [
    complaint(
      'missing',
      [...expected].filter((id) => !present.has(id)),
      names,
    ),
    complaint(
      'too many',
      [...present].filter((id) => !expected.has(id)),
      names,
    ),
    complaint('listed twice', repeated(found), names),
  ].filter((text) => text !== undefined);
  if (faults.length === 0) return;
  const sides = { expected: `${expected.size} people`, found: `${found.length} (${faults.join('; ')})` };
  ledger.remark(`Group ${shown(group.name)}`, 'members', sides);
}

function repeated(ids: readonly string[]): string[] {
  const seen = new Set<string>();
  return [...new Set(ids.filter((id) => seen.size === seen.add(id).size))];
}

function complaint(what: string, ids: readonly string[], names: Map<string | undefined, string>): string | undefined {
  if (ids.length === 0) return undefined;
  const some = ids.slice(0, 3).map((id) => names.get(id) ?? id);
  return `${what}: ${some.join(', ')}${ids.length > 3 ? ` and ${ids.length - 3} more` : ''}`;
}
