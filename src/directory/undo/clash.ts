import { fold, type Resource } from '../../scim/index.ts';
import { nameOf } from '../name-of.ts';
import { parse } from '../propose.ts';
import type { StoredRecord } from '../record.ts';
import type { Inverse } from './inverse.ts';
import type { Net } from './net.ts';
import type { Slice } from './slice.ts';

interface Wanted {
  readonly net: Net;
  readonly current: StoredRecord | undefined;
  readonly inverse: Inverse;
}

/** Why a record cannot have the name, or the externalId, back that it had: a sentence. */
export async function clashOf(
  { view, directory }: Slice,
  { net, current, inverse }: Wanted,
): Promise<string | undefined> {
  const wanted = wantedOf(current, inverse);
  if (wanted === undefined) return undefined;
  const { type, subject } = net;
  const { externalId } = wanted.resource;
  const name = nameOf(type, wanted.resource);
  const isUnique = type !== 'Group' || directory.tolerances.uniqueGroupNames;
  const [sameName, sameExternalId] = await Promise.all([
    wanted.name && isUnique ? view.byName(type, name) : undefined,
    wanted.externalId && typeof externalId === 'string' ? view.byExternalId(type, externalId) : undefined,
  ]);
  if (sameName !== undefined && sameName.id !== subject) {
    return `${type === 'User' ? 'userName' : 'displayName'} ${JSON.stringify(name)} belongs to ${theOther(sameName)} now`;
  }
  if (sameExternalId !== undefined && sameExternalId.id !== subject) {
    return `externalId ${JSON.stringify(externalId)} belongs to ${theOther(sameExternalId)} now`;
  }
  return undefined;
}

interface Keyed {
  readonly resource: Resource;
  readonly name: boolean;
  readonly externalId: boolean;
}

/** What the record would have, and which of its keys it has not already. */
function wantedOf(current: StoredRecord | undefined, inverse: Inverse): Keyed | undefined {
  if (inverse.kind === 'restore') return { resource: inverse.resource, name: true, externalId: true };
  if (inverse.kind !== 'update' || current === undefined) return undefined;
  const before = parse(current);
  const resource = { ...before, ...Object.fromEntries(inverse.values) };
  const isRenamed = fold(nameOf(current.type, resource)) !== fold(nameOf(current.type, before));
  return { resource, name: isRenamed, externalId: resource.externalId !== before.externalId };
}

function theOther({ type, id }: StoredRecord): string {
  return `another ${type.toLowerCase()} (${id})`;
}

/** Why a record cannot be written any more: a sentence. */
export function typeGone({ directory }: Slice, { net, inverse }: Omit<Wanted, 'current'>): string | undefined {
  const isWritten = inverse.kind === 'restore' || inverse.kind === 'update';
  if (!isWritten || directory.types.some(({ name }) => name === net.type)) return undefined;
  return `the application has no resource type ${JSON.stringify(net.type)} any more`;
}

/** Why a user gets no seat: a sentence. An undo is the operator's, to whom the reserve is open. */
export async function seatsFull(
  { view, directory }: Slice,
  { current, inverse }: Omit<Wanted, 'net'>,
): Promise<string | undefined> {
  const { limit, counts } = directory.policy.seats;
  if (limit === undefined || !takesSeat(counts, { current, inverse })) return undefined;
  const used = (await view.userCounts())[counts === 'active' ? 'active' : 'total'];
  return used < limit ? undefined : `all ${limit} seats are taken`;
}

function takesSeat(counts: 'active' | 'all', { current, inverse }: Omit<Wanted, 'net'>): boolean {
  if (inverse.kind === 'restore') {
    const isUser = inverse.resource.userName !== undefined;
    return isUser && (counts === 'all' || inverse.resource.active !== false);
  }
  if (inverse.kind !== 'update' || current?.type !== 'User' || counts === 'all') return false;
  const active = inverse.values.get('active');
  return !current.active && active !== undefined && active !== false;
}
