import { asArray, asText, type Json, member, shown } from '../json.ts';
import type { Ledger } from '../ledger.ts';

/** What the provider believes of one group. */
export interface ExpectedGroup {
  readonly name: string;
  readonly id: string | undefined;
  /** Undefined when the provider does not map it. */
  readonly externalId?: string;
  /** Who is in it: the server's ids, and what sentences call them. */
  readonly members: ReadonlyMap<string, string>;
  /** What sentences call anybody else. */
  readonly people?: ReadonlyMap<string, string>;
}

/** Holds the server's group against the provider's: its name, and who is in it, each once. */
export function compareGroup(ledger: Ledger, group: ExpectedGroup, resource: Json): void {
  const who = `Group ${shown(group.name)}`;
  const expected = { displayName: group.name, id: group.id };
  const mapped = group.externalId === undefined ? expected : { ...expected, externalId: group.externalId };
  for (const [attribute, value] of Object.entries(mapped)) {
    const found = member(resource, attribute);
    if (found !== value) ledger.differ(who, attribute, { expected: value, found });
  }
  compareMembers(ledger, group, memberIds(resource));
}

/** An absent `members` is an empty one (RFC 7643 §2.5). */
function memberIds(resource: Json): string[] {
  return (asArray(member(resource, 'members')) ?? []).map((row) => asText(member(row, 'value')) ?? '');
}

function compareMembers(ledger: Ledger, { name, members, people }: ExpectedGroup, found: readonly string[]): void {
  const label = (id: string): string => members.get(id) ?? people?.get(id) ?? id;
  const present = new Set(found);
  const missing = [...members.keys()].filter((id) => !present.has(id));
  const tooMany = [...present].filter((id) => !members.has(id));
  const faults = [
    complaint('missing', missing.map(label)),
    complaint('too many', tooMany.map(label)),
    complaint('listed twice', repeated(found).map(label)),
  ].filter((text) => text !== undefined);
  if (faults.length === 0) return;
  const sides = { expected: `${members.size} people`, found: `${found.length} (${faults.join('; ')})` };
  ledger.remark(`Group ${shown(name)}`, 'members', sides);
}

function repeated(ids: readonly string[]): string[] {
  const seen = new Set<string>();
  return [...new Set(ids.filter((id) => seen.size === seen.add(id).size))];
}

function complaint(what: string, names: readonly string[]): string | undefined {
  if (names.length === 0) return undefined;
  return `${what}: ${names.slice(0, 3).join(', ')}${names.length > 3 ? ` and ${names.length - 3} more` : ''}`;
}
