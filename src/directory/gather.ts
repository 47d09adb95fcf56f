import {
  type Filter,
  fold,
  foldMemberEdits,
  type JsonObject,
  type MemberEdit,
  ScimError,
  type ScimWrite,
  type Target,
} from '../scim/index.ts';
import type { DirectoryContext } from './actor.ts';
import type { MemberDifference, Transaction } from './ports.ts';
import { managerHasReference, managerOf, type Proposal, propose } from './propose.ts';
import type { Member, StoredRecord } from './record.ts';
import type { Refusal } from './refusal.ts';

/** What must be known to decide: the records concerned, at one version. */
export interface Facts {
  /** The record that the request names; for a create, the one that it meets by name or externalId. */
  readonly current: StoredRecord | undefined;
  readonly proposal: Proposal | undefined;
  /** Who else has the proposed name, or externalId. */
  readonly sameName: StoredRecord | undefined;
  readonly sameExternalId: StoredRecord | undefined;
  readonly managerKnown: boolean;
  readonly members: MemberDifference;
  /** For a removal: the groups that it is a member of. */
  readonly memberOf: readonly StoredRecord[];
  /** The request does not fit the stored resource. */
  readonly misfit: Refusal | undefined;
}

/** More membership edits than one shared commit should wait for: the write starts again in a transaction of its own. */
export class NeedsToRunAlone extends Error {
  override readonly name = 'NeedsToRunAlone';
}

const EDITS_IN_SHARED_COMMIT = 1000;

const NOTHING: Facts = {
  current: undefined,
  proposal: undefined,
  sameName: undefined,
  sameExternalId: undefined,
  managerKnown: true,
  members: { added: [], removed: [], unknown: [] },
  memberOf: [],
  misfit: undefined,
};

/** The first visit to the store. The id of a record about to be created is not known yet: it is ''. */
export async function gather(
  transaction: Transaction,
  directory: DirectoryContext,
  { request, alone }: { request: ScimWrite; alone: boolean },
): Promise<Facts> {
  if (request.kind === 'create') return gatherCreate(transaction, directory, { request, alone });
  const current = await transaction.record(request.type.name, request.id);
  if (current === undefined) return NOTHING;
  if (request.kind === 'remove') return gatherRemoval(transaction, { current, alone });
  return gatherProposal(transaction, directory, { request, alone, current });
}

async function gatherCreate(
  transaction: Transaction,
  directory: DirectoryContext,
  { request, alone }: { request: Extract<ScimWrite, { kind: 'create' }>; alone: boolean },
): Promise<Facts> {
  const { attributes } = request.draft;
  const type = request.type.name;
  const name = nameOf(type, attributes);
  const sameName = await byName(transaction, directory, { type, name });
  const externalId = attributes.externalId;
  const sameExternalId = typeof externalId === 'string' ? await transaction.byExternalId(type, externalId) : undefined;
  const met = sameName ?? sameExternalId;
  const proposed = await gatherProposal(transaction, directory, { request, alone, current: met });
  return { ...proposed, sameName, sameExternalId };
}

async function gatherProposal(
  transaction: Transaction,
  directory: DirectoryContext,
  {
    request,
    alone,
    current,
  }: { request: Exclude<ScimWrite, { kind: 'remove' }>; alone: boolean; current: StoredRecord | undefined },
): Promise<Facts> {
  let proposal: Proposal;
  try {
    const id = current?.id ?? '';
    proposal = propose(request, { current, id, tolerances: directory.tolerances });
  } catch (error) {
    if (!(error instanceof ScimError)) throw error;
    return { ...NOTHING, current, misfit: { reason: 'protocol', error } };
  }
  return {
    ...NOTHING,
    current,
    proposal,
    ...(await gatherClashes(transaction, directory, { proposal, type: request.type.name, current })),
    managerKnown: await managerKnown(transaction, proposal),
    members: await gatherMembers(transaction, directory, { edits: proposal.memberEdits, current, alone }),
  };
}

async function gatherClashes(
  transaction: Transaction,
  directory: DirectoryContext,
  { proposal, type, current }: { proposal: Proposal; type: string; current: StoredRecord | undefined },
): Promise<Pick<Facts, 'sameName' | 'sameExternalId'>> {
  const { before, after } = proposal;
  const name = nameOf(type, after);
  const renamed = current !== undefined && before !== undefined && name !== nameOf(type, before);
  const sameName = renamed ? await byName(transaction, directory, { type, name }) : undefined;
  const externalId = after.externalId;
  const relinked = current !== undefined && typeof externalId === 'string' && externalId !== before?.externalId;
  const sameExternalId = relinked ? await transaction.byExternalId(type, externalId) : undefined;
  return { sameName, sameExternalId };
}

function byName(
  transaction: Transaction,
  directory: DirectoryContext,
  { type, name }: { type: string; name: string },
): Promise<StoredRecord | undefined> | undefined {
  const free = type === 'Group' && !directory.tolerances.uniqueGroupNames;
  return free ? undefined : transaction.byName(type, fold(name));
}

/** A manager who was known and is the same needs no second look. */
async function managerKnown(transaction: Transaction, { before, after }: Proposal): Promise<boolean> {
  const manager = managerOf(after);
  if (manager === undefined) return true;
  if (before !== undefined && managerOf(before) === manager && managerHasReference(before)) return true;
  return (await transaction.record('User', manager)) !== undefined;
}

async function gatherMembers(
  transaction: Transaction,
  directory: DirectoryContext,
  { edits, current, alone }: { edits: readonly MemberEdit[]; current: StoredRecord | undefined; alone: boolean },
): Promise<MemberDifference> {
  if (edits.length === 0) return NOTHING.members;
  const group = current?.id ?? '';
  const matched = new Map<Filter<Target>, readonly string[]>();
  for (const edit of edits) {
    if (edit.kind === 'removeWhere') {
      matched.set(edit.filter, await transaction.membersMatching(group, edit.filter, directory.base));
    }
  }
  const elements = await addedBeforeFilters(transaction, directory, { edits, alone });
  const net = foldMemberEdits(edits, {
    matching: (filter) => matched.get(filter) ?? [],
    element: (id) => elements.get(id),
  });
  const size = net.add.length + net.remove.length + (net.replaces ? (current?.memberCount ?? 0) : 0);
  if (!alone && size > EDITS_IN_SHARED_COMMIT) throw new NeedsToRunAlone();
  return transaction.memberDifference(group, net);
}

/**
 * A filter is also asked about the members that an earlier operation of the same PATCH added (RFC 7644 §3.5.2: each
 * works on the result of those before it), so it must be known what they are, whatever the client calls them.
 */
async function addedBeforeFilters(
  transaction: Transaction,
  directory: DirectoryContext,
  { edits, alone }: { edits: readonly MemberEdit[]; alone: boolean },
): Promise<ReadonlyMap<string, JsonObject>> {
  const last = edits.findLastIndex(({ kind }) => kind === 'removeWhere');
  const ids = new Set<string>();
  for (const edit of edits.slice(0, Math.max(0, last))) {
    if (edit.kind === 'add' || edit.kind === 'set') for (const { value } of edit.members) ids.add(value);
  }
  if (!alone && ids.size > EDITS_IN_SHARED_COMMIT) throw new NeedsToRunAlone();
  const members = ids.size === 0 ? [] : await transaction.membersAmong([...ids]);
  return new Map(members.map((member) => [member.value, asElement(member, directory.base)]));
}

/** As a reply shows it. */
function asElement({ value, type, display }: Member, base: string): JsonObject {
  return { value, $ref: `${base}/${type}s/${value}`, type, display };
}

async function gatherRemoval(
  transaction: Transaction,
  { current, alone }: { current: StoredRecord; alone: boolean },
): Promise<Facts> {
  if (!alone && current.memberCount > EDITS_IN_SHARED_COMMIT) throw new NeedsToRunAlone();
  const memberOf: StoredRecord[] = [];
  for (const group of (await transaction.groupsOf([current.id])).get(current.id) ?? []) {
    const record = await transaction.record('Group', group.value);
    if (record !== undefined) memberOf.push(record);
  }
  const members =
    current.memberCount === 0
      ? NOTHING.members
      : await transaction.memberDifference(current.id, { replaces: true, add: [], remove: [] });
  return { ...NOTHING, current, memberOf, members };
}

/** What a type's records are told apart by: a user's userName, anything else's displayName. */
export function nameOf(type: string, resource: Readonly<Record<string, unknown>>): string {
  const name = type === 'User' ? resource.userName : resource.displayName;
  return typeof name === 'string' ? name : '';
}
