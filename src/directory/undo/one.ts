import { differences, type ResourceType } from '../../scim/index.ts';
import type { Change } from '../change.ts';
import { memberChanges } from '../decide/members.ts';
import { notBefore } from '../decide/verdict.ts';
import { nameOf } from '../name-of.ts';
import { parse } from '../propose.ts';
import type { StoredRecord } from '../record.ts';
import type { Conflict, Inverse } from './inverse.ts';
import { type Net, resourceBefore } from './net.ts';
import { recordOf, restoredRecord, revertedRecord } from './restored.ts';
import type { Slice } from './slice.ts';
import type { Tally } from './tally.ts';
import { conflictSentence, listed } from './told.ts';

/** What a slice has decided so far. */
export interface Doing {
  readonly slice: Slice;
  readonly changes: Change[];
  readonly tally: Tally;
  /** By group: who comes back to it. */
  readonly back: Map<string, string[]>;
  /** The moment of the set. */
  at: string;
}

interface One<I extends Inverse = Inverse> {
  readonly net: Net;
  readonly current: StoredRecord | undefined;
  readonly inverse: I;
}

/** Nothing stands against it any more. */
export async function undoOne(doing: Doing, one: One): Promise<void> {
  const { net, current, inverse } = one;
  tellPasswords(doing, one);
  switch (inverse.kind) {
    case 'nothing':
      return;
    case 'as-before':
      doing.tally.counts.asBefore += 1;
      bringBack(doing, net);
      return;
    case 'leave':
      return tellConflicts(doing, { net, current, conflicts: inverse.conflicts });
    case 'remove':
      return removeCreated(doing, { net, current: current as StoredRecord, inverse });
    case 'restore':
      return restoreRemoved(doing, { net, current, inverse });
    case 'update':
      return revert(doing, { net, current: current as StoredRecord, inverse });
  }
}

/** As a DELETE does: with its members, and out of the groups that it is in. */
async function removeCreated(doing: Doing, { net, current }: One & { readonly current: StoredRecord }): Promise<void> {
  const { slice, changes, tally } = doing;
  const { view, layer } = slice;
  const { id } = current;
  const memberOf = await view.memberOf(id);
  const everybody = { replaces: true, add: [], remove: [] };
  const members = current.memberCount === 0 ? undefined : await view.memberDifference(id, everybody);
  // As many as it was given, and not the same.
  if (members?.removed.some((member) => net.members.get(member)?.is !== true)) {
    tellConflicts(doing, { net, current, conflicts: [{ kind: 'members' }] });
    return;
  }
  const own = members === undefined ? [] : memberChanges(current, members, { version: current.version + 1 });
  const cause = changes.length + own.length;
  changes.push(...own.map((change) => ({ ...change, cause })));
  changes.push({ kind: 'removed', before: current, memberOf: memberOf.map((group) => group.id) });
  for (const group of memberOf) {
    const left = { added: [], removed: [id], unknown: [] };
    changes.push(...memberChanges(group, left, { version: group.version + 1, cause }));
    doing.at = notBefore(doing.at, group.modified);
  }
  layer.alter(current, undefined);
  tally.counts.removed += 1;
  tally.did({ kind: 'removed', ...about(net, current), detail: 'was created, and is removed' });
}

function restoreRemoved(
  doing: Doing,
  { net, current, inverse: { resource } }: One<Extract<Inverse, { kind: 'restore' }>>,
): void {
  const { slice, changes, tally, at } = doing;
  const { type, removal } = net;
  if (removal === undefined) return;
  const after = restoredRecord(typeNamed(slice, type), { net, resource, removal, at });
  changes.push({ kind: 'created', after });
  slice.layer.alter(undefined, recordOf(after, 0));
  bringBack(doing, net);
  tally.counts.restored += 1;
  tally.did({ kind: 'restored', ...about(net, current), detail: 'was removed, and is back under its old id' });
}

/** Whoever's change says that it was in these groups. */
function bringBack({ back }: Doing, { exists, subject, removal }: Net): void {
  if (exists) return;
  for (const group of removal?.memberOf ?? []) {
    const ids = back.get(group);
    if (ids === undefined) back.set(group, [subject]);
    else ids.push(subject);
  }
}

function revert(
  doing: Doing,
  { net, current, inverse }: One<Extract<Inverse, { kind: 'update' }>> & { readonly current: StoredRecord },
): void {
  const { slice, changes, tally, at } = doing;
  const { values, owned, conflicts } = inverse;
  const before = parse(current);
  let record = current;
  if (values.size > 0) {
    const after = revertedRecord(typeNamed(slice, net.type), { current, before, values, at });
    changes.push({ kind: 'updated', before: current, after, difference: differences(before, after.resource) });
    record = { ...recordOf(after, current.memberCount), ...(current.unowned === true ? { unowned: true } : {}) };
  }
  if (owned !== undefined) {
    changes.push({ kind: 'owner', record, owned });
    const { unowned: _, ...rest } = record;
    record = owned ? rest : { ...rest, unowned: true };
  }
  slice.layer.alter(current, record);
  tally.counts.updated += 1;
  if (net.type === 'User' && record.active && !current.active) tally.counts.activated += 1;
  const names = [...values.keys(), ...(owned === undefined ? [] : ['the owner'])];
  tally.did({ kind: 'updated', ...about(net, record), detail: `${listed(names)} as before` });
  if (conflicts.length > 0) tellConflicts(doing, { net, current: record, conflicts });
}

function tellConflicts(
  { tally }: Doing,
  { net, current, conflicts }: Omit<One, 'inverse'> & { readonly conflicts: readonly Conflict[] },
): void {
  tally.counts.conflicts += 1;
  tally.left({ kind: 'conflict', ...about(net, current), detail: conflictSentence(conflicts) });
}

/** Which hash was there before is not in history. */
function tellPasswords({ tally }: Doing, { net, current }: Omit<One, 'inverse'>): void {
  if (net.passwords === 0 || current === undefined) return;
  tally.counts.passwords += 1;
  tally.left({ kind: 'password', ...about(net, current), detail: 'the password was set, and stays as it is' });
}

function about(net: Net, current: StoredRecord | undefined): { type: string; id: string; label: string } {
  return { type: net.type, id: net.subject, label: labelOf(net, current) };
}

/** The name that it has, or had. */
export function labelOf(net: Net, current: StoredRecord | undefined): string {
  if (current !== undefined) return nameOf(net.type, parse(current)) || net.subject;
  const was = nameOf(net.type, resourceBefore(net) ?? {});
  const is = Object.fromEntries([...net.attributes].map(([name, { is }]) => [name, is]));
  return was || nameOf(net.type, is) || net.subject;
}

/** It was looked for before (`typeGone`). */
function typeNamed({ directory }: Slice, name: string): ResourceType {
  const type = directory.types.find((one) => one.name === name);
  if (type === undefined) throw new Error(`no resource type ${name}`);
  return type;
}
