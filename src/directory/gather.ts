import {
  fold,
  foldMemberEdits,
  foldMemberEditsInSteps,
  type MemberEdit,
  ScimError,
  type ScimWrite,
  testsOf,
} from '../scim/index.ts';
import type { Actor, DirectoryContext } from './actor.ts';
import { meet } from './decide/meet.ts';
import { inSlices } from './in-slices.ts';
import { nameOf } from './name-of.ts';
import { becomesRemoval } from './policies/deactivation.ts';
import type { MemberDifference, Transaction } from './ports.ts';
import { managerHasReference, managerOf, type Proposal, propose } from './propose.ts';
import type { GroupStanding, StoredRecord } from './record.ts';
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
  /** The record whose place the created one takes. */
  readonly replaced?: StoredRecord;
  /** For a removal, of the record that is named or replaced: the groups that it is a member of. */
  readonly memberOf: readonly GroupStanding[];
  /** The name of the record that the request names, where there was one and it was removed. */
  readonly removed?: string;
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
  actor: Actor,
  { request, alone }: { request: ScimWrite; alone: boolean },
): Promise<Facts> {
  if (request.kind === 'create') return gatherCreate(transaction, actor, { request, alone });
  const current = await transaction.record(request.type.name, request.id);
  if (current === undefined) {
    const removed = await transaction.removedName(request.type.name, request.id);
    return removed === undefined ? NOTHING : { ...NOTHING, removed };
  }
  if (request.kind === 'remove') return gatherRemoval(transaction, { current, alone });
  return gatherProposal(transaction, actor, { request, alone, current });
}

async function gatherCreate(
  transaction: Transaction,
  actor: Actor,
  { request, alone }: { request: Extract<ScimWrite, { kind: 'create' }>; alone: boolean },
): Promise<Facts> {
  const { attributes } = request.draft;
  const type = request.type.name;
  const name = nameOf(type, attributes);
  const { externalId } = attributes;
  // Both are asked at once: where the store is elsewhere, each question is a way there and back.
  const [sameName, sameExternalId] = await Promise.all([
    byName(transaction, actor.directory, { type, name }),
    typeof externalId === 'string' ? transaction.byExternalId(type, externalId) : undefined,
  ]);
  const meeting = meet(request, { sameName, sameExternalId }, actor);
  if (meeting.kind === 'clash') return { ...NOTHING, sameName, sameExternalId };
  if (meeting.kind !== 'recreated') {
    const current = meeting.kind === 'nobody' ? undefined : meeting.record;
    const proposed = await gatherProposal(transaction, actor, { request, alone, current });
    return { ...proposed, sameName, sameExternalId };
  }
  const replaced = meeting.record;
  const proposed = await gatherProposal(transaction, actor, { request, alone, current: undefined });
  const memberOf = await gatherMemberOf(transaction, { id: replaced.id, alone });
  return { ...proposed, sameName, sameExternalId, replaced, memberOf };
}

async function gatherProposal(
  transaction: Transaction,
  actor: Actor,
  {
    request,
    alone,
    current,
  }: { request: Exclude<ScimWrite, { kind: 'remove' }>; alone: boolean; current: StoredRecord | undefined },
): Promise<Facts> {
  try {
    const { directory } = actor;
    const proposal = propose(request, { current, id: current?.id ?? '', actor });
    if (current !== undefined && becomesRemoval(request.type, proposal, actor)) {
      return { ...NOTHING, current, proposal, memberOf: await gatherMemberOf(transaction, { id: current.id, alone }) };
    }
    return {
      ...NOTHING,
      current,
      proposal,
      ...(await gatherClashes(transaction, directory, { proposal, type: request.type.name, current })),
      managerKnown: await managerKnown(transaction, proposal),
      members: await gatherMembers(transaction, directory, { edits: proposal.memberEdits, current, alone }),
    };
  } catch (error) {
    if (!(error instanceof ScimError)) throw error;
    return { ...NOTHING, current, misfit: { reason: 'protocol', error } };
  }
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
  return transaction.exists('User', manager);
}

async function gatherMembers(
  transaction: Transaction,
  directory: DirectoryContext,
  { edits, current, alone }: { edits: readonly MemberEdit[]; current: StoredRecord | undefined; alone: boolean },
): Promise<MemberDifference> {
  if (edits.length === 0) return NOTHING.members;
  if (!alone && workOf(edits, current?.memberCount ?? 0) > EDITS_IN_SHARED_COMMIT) throw new NeedsToRunAlone();
  const group = current?.id ?? '';
  const filters = edits.flatMap((edit) => (edit.kind === 'removeWhere' ? [edit.filter] : []));
  const asked = { group, named: addedBeforeFilters(edits), filters, base: directory.base };
  const chosen = filters.length === 0 ? [] : await transaction.membersMatching(asked);
  const chosenBy = (filter: (typeof filters)[number]) => chosen[filters.indexOf(filter)] ?? [];
  // What shares its commit with others must not let go of the event loop, and is short.
  const net = alone ? await inSlices(foldMemberEditsInSteps(edits, chosenBy)) : foldMemberEdits(edits, chosenBy);
  return transaction.memberDifference(group, net);
}

/** At most how many memberships are looked up or edited, and how often filters are asked, before any of it is done. */
function workOf(edits: readonly MemberEdit[], memberCount: number): number {
  let named = 0;
  let replaced = 0;
  let tests = 0;
  for (const edit of edits) {
    if (edit.kind === 'removeWhere') tests += testsOf(edit.filter).length;
    else named += edit.kind === 'remove' ? edit.ids.length : edit.members.length;
    if (edit.kind === 'set') replaced = memberCount;
  }
  return named + replaced + tests * (memberCount + named);
}

/**
 * A filter is also asked about the members that an earlier operation of the same PATCH added (RFC 7644 §3.5.2: each
 * works on the result of those before it), by what they are, whatever the client calls them.
 */
function addedBeforeFilters(edits: readonly MemberEdit[]): readonly string[] {
  const last = edits.findLastIndex(({ kind }) => kind === 'removeWhere');
  const ids = new Set<string>();
  for (const edit of edits.slice(0, Math.max(0, last))) {
    if (edit.kind === 'add' || edit.kind === 'set') for (const { value } of edit.members) ids.add(value);
  }
  return [...ids];
}

async function gatherRemoval(
  transaction: Transaction,
  { current, alone }: { current: StoredRecord; alone: boolean },
): Promise<Facts> {
  if (!alone && current.memberCount > EDITS_IN_SHARED_COMMIT) throw new NeedsToRunAlone();
  const memberOf = await gatherMemberOf(transaction, { id: current.id, alone });
  const members =
    current.memberCount === 0
      ? NOTHING.members
      : await transaction.memberDifference(current.id, { replaces: true, add: [], remove: [] });
  return { ...NOTHING, current, memberOf, members };
}

const GROUPS_AT_ONCE = 1000;

async function gatherMemberOf(
  transaction: Transaction,
  { id, alone }: { id: string; alone: boolean },
): Promise<readonly GroupStanding[]> {
  const memberOf: GroupStanding[] = [];
  for (let last = false; !last; ) {
    const piece = await transaction.memberOf(id, memberOf.at(-1)?.id, GROUPS_AT_ONCE);
    memberOf.push(...piece);
    if (!alone && memberOf.length > EDITS_IN_SHARED_COMMIT) throw new NeedsToRunAlone();
    last = piece.length < GROUPS_AT_ONCE;
  }
  return memberOf;
}
