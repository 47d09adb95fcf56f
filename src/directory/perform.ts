import type { ScimWrite } from '../scim/index.ts';
import type { Actor, Operation } from './actor.ts';
import { decide } from './decide/index.ts';
import { failureOf, subjectOfName, subjectsOf } from './failure.ts';
import { gather, NeedsToRunAlone } from './gather.ts';
import type { Outcome } from './outcome.ts';
import { type DirectoryStore, StoreUnavailable, type Transaction, UniqueKeyTaken } from './ports.ts';
import { show, showPage, showStreamed } from './show.ts';

export interface DirectoryServices {
  readonly store: DirectoryStore;
  readonly clock: () => Date;
  /** A new id, unique in the instance: a UUIDv7, so that neighbours in time are neighbours in the index. */
  readonly newId: () => string;
}

export type Perform = (actor: Actor, operation: Operation) => Promise<Outcome>;

/**
 * The directory's one way in. A read visits the store once; a write gathers, decides purely and commits, in one
 * transaction.
 *
 * @throws StoreUnavailable
 */
export function createPerform(services: DirectoryServices): Perform {
  return (actor, operation) => {
    switch (operation.kind) {
      case 'read':
        return read(services, actor, operation);
      case 'query':
        return query(services, actor, operation);
      default:
        return write(services, actor, operation);
    }
  };
}

async function read(
  { store }: DirectoryServices,
  { directory }: Actor,
  { type, id, view }: Extract<Operation, { kind: 'read' }>,
): Promise<Outcome> {
  const reader = store.reader(directory.id);
  const record = await reader.record(type.name, id);
  if (record === undefined) return { kind: 'refused', refusal: { reason: 'not-found', type: type.name, id } };
  const shown =
    (await show(reader, record, { type, view })) ?? (await showStreamed(store, directory.id, { type, id, view }));
  if (shown === undefined) return { kind: 'refused', refusal: { reason: 'not-found', type: type.name, id } };
  return { kind: 'found', shown };
}

async function query(
  { store }: DirectoryServices,
  { directory, by }: Actor,
  { types, query, view }: Extract<Operation, { kind: 'query' }>,
): Promise<Outcome> {
  const page = { types, query, view, context: { base: directory.base, walker: by.id } };
  return { kind: 'listed', startIndex: query.startIndex, ...(await showPage(store, directory.id, page)) };
}

/** A unique key taken between gather and commit starts again from gather: the second look finds who took it. */
const ATTEMPTS = 3;

async function write(services: DirectoryServices, actor: Actor, request: ScimWrite): Promise<Outcome> {
  const { store } = services;
  const directory = actor.directory.id;
  let alone = false;
  for (let attempt = 1; ; attempt += 1) {
    try {
      const outcome = await store.write(
        directory,
        (transaction) => writeOnce(services, { actor, request, alone }, transaction),
        { alone },
      );
      return await streamed(store, directory, { request, outcome });
    } catch (error) {
      if (error instanceof NeedsToRunAlone && !alone) alone = true;
      else if (!(error instanceof UniqueKeyTaken) || attempt >= ATTEMPTS) throw error;
    }
  }
}

async function writeOnce(
  services: DirectoryServices,
  { actor, request, alone }: { actor: Actor; request: ScimWrite; alone: boolean },
  transaction: Parameters<Parameters<DirectoryStore['write']>[1]>[0],
): Promise<Outcome> {
  const now = services.clock().toISOString();
  const facts = await gather(transaction, actor.directory, { request, alone });
  const verdict = decide(actor.directory, { request, facts, now, newId: services.newId });
  if (verdict.kind === 'refused') {
    const failure = failureOf(request, verdict.refusal, { requestId: actor.requestId, at: now, facts });
    if (failure !== undefined) await transaction.recordFailure(failure);
    // To remove who is gone already is told as not found, and is what was wanted.
    else if (facts.removed !== undefined) await clearOf(transaction, request, facts.removed);
    return { kind: 'refused', refusal: verdict.refusal };
  }
  if (verdict.changes.length > 0) {
    await transaction.commit({ by: actor.by, requestId: actor.requestId, at: verdict.at, changes: verdict.changes });
  }
  await transaction.clearFailures(request.type.name, () => subjectsOf(request, verdict.record));
  if (verdict.kind === 'removed') return { kind: 'removed' };
  const shown = await show(transaction, verdict.record, request);
  return { kind: verdict.kind, shown: shown ?? { record: verdict.record, partial: true } };
}

function clearOf(transaction: Transaction, { type }: ScimWrite, name: string): Promise<void> {
  return transaction.clearFailures(type.name, () => [subjectOfName(name)]);
}

/** A reply with more members, or groups, than are held at once is streamed from a snapshot, after the commit. */
async function streamed(
  store: DirectoryStore,
  directory: string,
  { request, outcome }: { request: ScimWrite; outcome: Outcome },
): Promise<Outcome> {
  if (request.kind === 'remove' || !('shown' in outcome) || outcome.kind === 'listed') return outcome;
  if (!outcome.shown.partial) return outcome;
  try {
    const shown = await showStreamed(store, directory, { ...request, id: outcome.shown.record.id });
    return shown === undefined ? outcome : { ...outcome, shown };
  } catch (error) {
    // It is committed, and must be told as done, though its members cannot be read at this moment.
    if (error instanceof StoreUnavailable) return outcome;
    throw error;
  }
}
