import { setTimeout as sleep } from 'node:timers/promises';
import type { ScimWrite } from '../scim/index.ts';
import type { Actor, Operation, Together } from './actor.ts';
import type { Failure } from './change.ts';
import { decide } from './decide/index.ts';
import { failureOf, subjectOfName, subjectsOf } from './failure.ts';
import { gather, NeedsToRunAlone } from './gather.ts';
import type { Outcome } from './outcome.ts';
import {
  type DirectoryStore,
  StoreUnavailable,
  type Transaction,
  TransactionConflict,
  UniqueKeyTaken,
} from './ports.ts';
import { show, showPage, showStreamed } from './show.ts';
import { turn } from './turn.ts';

export interface DirectoryServices {
  readonly store: DirectoryStore;
  readonly clock: () => Date;
  /** A new id, unique in the instance: a UUIDv7, so that neighbours in time are neighbours in the index. */
  readonly newId: () => string;
}

export interface Perform {
  (actor: Actor, operation: Exclude<Operation, Together>): Promise<Outcome>;
  /** Up to the first that is refused; then nothing of it has happened. */
  (actor: Actor, operation: Together): Promise<readonly Outcome[]>;
}

/**
 * The directory's one way in. A read visits the store once; a write gathers, decides purely and commits, in one
 * transaction.
 *
 * @throws StoreUnavailable
 */
export function createPerform(services: DirectoryServices): Perform {
  const perform = (actor: Actor, operation: Operation): Promise<Outcome | readonly Outcome[]> => {
    switch (operation.kind) {
      case 'read':
        return read(services, actor, operation);
      case 'query':
        return query(services, actor, operation);
      case 'together':
        return writeTogether(services, actor, operation);
      default:
        return write(services, actor, operation);
    }
  };
  return perform as Perform;
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
  { selections, query }: Extract<Operation, { kind: 'query' }>,
): Promise<Outcome> {
  const page = { selections, query, context: { base: directory.base, walker: by.id } };
  return { kind: 'listed', startIndex: query.startIndex, ...(await showPage(store, directory.id, page)) };
}

/**
 * A unique key taken between gather and commit starts again from gather: the second look finds who took it. So does what
 * stood in another transaction's way.
 */
const ATTEMPTS = 3;
const LONGEST_PAUSE_MS = 50;

async function write(services: DirectoryServices, actor: Actor, request: ScimWrite): Promise<Outcome> {
  const { outcome } = await transact(services, actor, {
    alone: false,
    work: (transaction, alone) => writeOnce(services, { actor, request, alone }, transaction),
  });
  return streamed(services.store, actor.directory.id, { request, outcome });
}

/** What was refused is noted once all has been undone. */
async function writeTogether(
  services: DirectoryServices,
  actor: Actor,
  { steps }: Together,
): Promise<readonly Outcome[]> {
  let outcomes: Outcome[] = [];
  let failure: Failure | undefined;
  try {
    // No commit that others share waits for more than this, and no turn of the event loop has more in it (decision 30).
    const isLong = steps.length > STEPS_IN_A_TURN;
    const work = async (transaction: Transaction, alone: boolean): Promise<void> => {
      outcomes = [];
      for (const [at, step] of steps.entries()) {
        if (isLong && at % STEPS_IN_A_TURN === 0) await turn();
        const once = await writeOnce(services, { actor, request: step(outcomes), alone }, transaction);
        outcomes.push(once.outcome);
        failure = once.failure;
        if (once.outcome.kind === 'refused') throw new TakenBack();
      }
    };
    await transact(services, actor, { alone: isLong, work });
  } catch (error) {
    if (!(error instanceof TakenBack)) throw error;
  }
  const noted = failure;
  if (noted !== undefined) {
    await transact(services, actor, { alone: false, work: (transaction) => transaction.recordFailure(noted) });
  }
  return outcomes;
}

const STEPS_IN_A_TURN = 50;

/** Undoes a transaction of which one part was refused. */
class TakenBack extends Error {
  override readonly name = 'TakenBack';
}

interface Transacted<T> {
  /** Whether it is known to need a transaction of its own. */
  readonly alone: boolean;
  readonly work: (transaction: Transaction, alone: boolean) => Promise<T>;
}

async function transact<T>(
  { store }: DirectoryServices,
  { directory }: Actor,
  { alone: atOnce, work }: Transacted<T>,
): Promise<T> {
  let alone = atOnce;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await store.write(directory.id, (transaction) => work(transaction, alone), { alone });
    } catch (error) {
      if (error instanceof NeedsToRunAlone && !alone) alone = true;
      else await beforeNext(error, attempt);
    }
  }
}

/** @throws what is not to be tried again, or has been often enough */
async function beforeNext(error: unknown, attempt: number): Promise<void> {
  const isConflict = error instanceof TransactionConflict;
  if (!isConflict && !(error instanceof UniqueKeyTaken)) throw error;
  if (attempt >= ATTEMPTS) {
    throw new StoreUnavailable(`other writes stood in the way ${ATTEMPTS} times`, { cause: error });
  }
  // Two that met once would meet again if they went on in step.
  if (isConflict) await sleep(Math.random() * LONGEST_PAUSE_MS);
}

async function writeOnce(
  services: DirectoryServices,
  { actor, request, alone }: { actor: Actor; request: ScimWrite; alone: boolean },
  transaction: Transaction,
): Promise<Once> {
  const now = services.clock().toISOString();
  const facts = await gather(transaction, actor.directory, { request, alone });
  const verdict = decide(actor.directory, { request, facts, now, newId: services.newId });
  if (verdict.kind === 'refused') {
    const failure = failureOf(request, verdict.refusal, { requestId: actor.requestId, at: now, facts });
    if (failure !== undefined) await transaction.recordFailure(failure);
    // To remove who is gone already is told as not found, and is what was wanted.
    else if (facts.removed !== undefined) await clearOf(transaction, request, facts.removed);
    const outcome: Outcome = { kind: 'refused', refusal: verdict.refusal };
    return failure === undefined ? { outcome } : { outcome, failure };
  }
  if (verdict.changes.length > 0) {
    await transaction.commit({ by: actor.by, requestId: actor.requestId, at: verdict.at, changes: verdict.changes });
  }
  await transaction.clearFailures(request.type.name, () => subjectsOf(request, verdict.record));
  if (verdict.kind === 'removed') return { outcome: { kind: 'removed' } };
  const shown = await show(transaction, verdict.record, request);
  return { outcome: { kind: verdict.kind, shown: shown ?? { record: verdict.record, partial: true } } };
}

interface Once {
  readonly outcome: Outcome;
  /** The row that a refusal left. */
  readonly failure?: Failure;
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
