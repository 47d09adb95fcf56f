import { ScimError } from '../error.ts';
import type { Filter } from '../filter/tree.ts';
import { readMembers } from '../read-members.ts';
import { wrongType } from '../read-value.ts';
import type { MemberEdit, PatchOperation, PatchPath } from '../request.ts';
import type { Target } from '../target.ts';
import type { JsonValue } from '../value.ts';
import type { Patching } from './patching.ts';
import { pathText } from './path-text.ts';

/** Each is asked of every stored member. */
export const MAX_FILTERED_REMOVALS = 100;

interface Operation {
  readonly op: PatchOperation['op'];
  readonly path: Exclude<PatchPath, { kind: 'extension' }>;
  readonly value: JsonValue;
}

/**
 * An operation on an attribute that is kept apart, as an edit:
 *
 *     add members [{"value":"u1"}]            → add u1
 *     replace members [{"value":"u1"}]        → set u1
 *     remove members                          → set nobody
 *     remove members[value eq "u1"]           → remove u1
 *     remove members[display sw "a"]          → remove where display sw "a"
 *
 * @throws ScimError mutability for an edit inside an element (RFC 7643 §4.2); invalidValue; 413 for too many filters
 */
export function memberEdit(patching: Patching, operation: Operation): void {
  const { memberEdits } = patching;
  const edit = editOf(operation);
  memberEdits.push(edit);
  if (edit.kind === 'removeWhere') refuseTooManySearches(memberEdits);
}

function refuseTooManySearches(edits: readonly MemberEdit[]): void {
  const searches = edits.reduce((sum, { kind }) => sum + (kind === 'removeWhere' ? 1 : 0), 0);
  if (searches <= MAX_FILTERED_REMOVALS) return;
  throw ScimError.tooLarge(
    `The request removes members by more than ${MAX_FILTERED_REMOVALS} filters other than value eq "…". Send them in several requests.`,
  );
}

function editOf({ op, path, value }: Operation): MemberEdit {
  const sub = path.kind === 'elements' ? path.sub : path.target.sub;
  if (sub !== undefined || (path.kind === 'elements' && op !== 'remove')) {
    throw ScimError.mutability(`${pathText(path)} cannot be changed: members are added and removed, not edited.`);
  }
  if (path.kind === 'elements') return removal(path.filter);
  const { name } = path.target.attribute;
  switch (op) {
    case 'add':
      return { kind: 'add', members: readMembers(Array.isArray(value) ? value : [value], name) };
    case 'replace':
      if (value !== null && !Array.isArray(value)) throw wrongType(name, value, 'an array');
      return { kind: 'set', members: readMembers(value ?? [], name) };
    case 'remove':
      return { kind: 'set', members: [] };
  }
}

function removal(filter: Filter<Target>): MemberEdit {
  const ids = idsOf(filter);
  return ids === undefined ? { kind: 'removeWhere', filter } : { kind: 'remove', ids };
}

/** The ids of `value eq "a"`, and of `or`s of such; undefined for any other filter. */
function idsOf(filter: Filter<Target>): readonly string[] | undefined {
  if (filter.kind === 'or') {
    const parts = filter.terms.map(idsOf);
    return parts.every((ids) => ids !== undefined) ? parts.flat() : undefined;
  }
  if (filter.kind !== 'compare' || filter.operator !== 'eq' || filter.path.attribute.name !== 'value') return undefined;
  return typeof filter.value === 'string' ? [filter.value] : undefined;
}
