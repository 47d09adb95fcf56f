import type { ScimWrite } from '../scim/index.ts';
import type { Actor, Together } from './actor.ts';
import type { Failure } from './change.ts';
import { type Decided, decide } from './decide/index.ts';
import { failureOf, subjectOfName, subjectsOf } from './failure.ts';
import { type Facts, gather } from './gather.ts';
import { type Held, recordHeld } from './holds/held.ts';
import type { Outcome } from './outcome.ts';
import { type NewPassword, newPassword, type PasswordMeans, saysPassword } from './password/new-password.ts';
import { StepPasswords } from './password/step-passwords.ts';
import type { DirectoryServices } from './perform.ts';
import { rule } from './policies/rule.ts';
import { type DirectoryStore, StoreUnavailable, type Transaction } from './ports.ts';
import { show, showStreamed } from './show.ts';
import { transact } from './transact.ts';
import { turn } from './turn.ts';

/** What a write needs beside the store. */
export interface WriteServices extends DirectoryServices, PasswordMeans {
  readonly store: DirectoryStore;
}

/** One write; what it finds refused is noted with it (decision 23). */
export async function write(services: WriteServices, actor: Actor, request: ScimWrite): Promise<Outcome> {
  const password = saysPassword(actor, request) ? await newPassword(services, actor, request) : undefined;
  const { outcome } = await transact(services.store, actor.directory.id, {
    alone: false,
    work: (transaction, alone) => writeOnce(services, { actor, request, alone, password }, transaction),
  });
  return streamed(services.store, actor.directory.id, { request, outcome });
}

/** Writes of which all are committed or none; what was refused is noted once all has been undone. */
export async function writeTogether(
  services: WriteServices,
  actor: Actor,
  { steps }: Together,
): Promise<readonly Outcome[]> {
  const passwords = new StepPasswords(services, actor);
  let outcomes: Outcome[] = [];
  let records: Records | undefined;
  try {
    // No commit that others share waits for more than this, and no turn of the event loop has more in it (decision 30).
    const isLong = steps.length > STEPS_IN_A_TURN;
    const work = async (transaction: Transaction, alone: boolean): Promise<void> => {
      outcomes = [];
      passwords.begin();
      for (const [at, step] of steps.entries()) {
        if (isLong && at % STEPS_IN_A_TURN === 0) await turn();
        const request = step(outcomes);
        const password = passwords.of(at, request);
        const once = await writeOnce(services, { actor, request, alone, password }, transaction);
        outcomes.push(once.outcome);
        records = once.records;
        if (once.outcome.kind === 'refused') throw new TakenBack();
        passwords.done(request, once.outcome);
      }
      passwords.end();
    };
    await passwords.within(() => transact(services.store, actor.directory.id, { alone: isLong, work }));
  } catch (error) {
    if (!(error instanceof TakenBack)) throw error;
  }
  const left = records;
  if (left?.failure !== undefined || left?.held !== undefined) {
    const work = (transaction: Transaction) => note(transaction, left);
    await transact(services.store, actor.directory.id, { alone: false, work });
  }
  return outcomes;
}

const STEPS_IN_A_TURN = 50;

/** Undoes a transaction of which one part was refused. */
class TakenBack extends Error {
  override readonly name = 'TakenBack';
}

async function writeOnce(
  services: DirectoryServices,
  { actor, request, alone, password }: WritingOnce,
  transaction: Transaction,
): Promise<Once> {
  const now = services.clock().toISOString();
  const gathered = await gather(transaction, actor, { request, alone });
  const facts = password?.kind === 'unfit' ? { ...gathered, misfit: misfitOf(gathered, password) } : gathered;
  const hash = password?.kind === 'hashed' ? { password: password.hash } : {};
  const decided = decide(actor, { request, facts, now, newId: services.newId, ...hash });
  const { verdict, held } = await rule(transaction, { ...services, actor, request, facts, verdict: decided });
  if (verdict.kind === 'refused') {
    const failure = failureOf(request, verdict.refusal, { requestId: actor.requestId, at: now, facts });
    const records = { failure, held };
    await note(transaction, records);
    // To remove who is gone already is told as not found, and is what was wanted.
    if (failure === undefined && facts.removed !== undefined) await clearOf(transaction, request, facts.removed);
    return { outcome: { kind: 'refused', refusal: verdict.refusal }, records };
  }
  if (verdict.changes.length > 0) {
    await transaction.commit({ by: actor.by, requestId: actor.requestId, at: verdict.at, changes: verdict.changes });
  }
  await transaction.clearFailures(request.type.name, () => subjectsOf(request, verdict));
  if (verdict.kind === 'removed') return { outcome: await removed(transaction, request, verdict) };
  const shown = await show(transaction, verdict.record, request);
  const ignored = verdict.ignored === undefined ? {} : { ignored: verdict.ignored };
  return { outcome: { kind: verdict.kind, shown: shown ?? { record: verdict.record, partial: true }, ...ignored } };
}

interface WritingOnce {
  readonly actor: Actor;
  readonly request: ScimWrite;
  readonly alone: boolean;
  readonly password: NewPassword | undefined;
}

/** What is wrong with the rest, or that there is nobody, comes first. */
function misfitOf({ misfit, proposal }: Facts, { error }: Extract<NewPassword, { kind: 'unfit' }>): Facts['misfit'] {
  return misfit ?? (proposal === undefined ? undefined : { reason: 'protocol', error });
}

/** By an update that deactivated the user (decision 36), it is shown a last time. */
async function removed(
  transaction: Transaction,
  request: ScimWrite,
  { shownAs }: Pick<Decided, 'shownAs'>,
): Promise<Outcome> {
  if (shownAs === undefined) return { kind: 'removed' };
  const shown = await show(transaction, shownAs, request);
  return { kind: 'removed', shown: shown ?? { record: shownAs } };
}

interface Once {
  readonly outcome: Outcome;
  readonly records?: Records;
}

/** What a refusal leaves (decision 23). */
interface Records {
  readonly failure: Failure | undefined;
  readonly held: Held | undefined;
}

async function note(transaction: Transaction, { failure, held }: Records): Promise<void> {
  if (failure !== undefined) await transaction.recordFailure(failure);
  if (held !== undefined) await recordHeld(transaction, held);
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
  if (outcome.kind === 'removed' || !outcome.shown.partial) return outcome;
  try {
    const shown = await showStreamed(store, directory, { ...request, id: outcome.shown.record.id });
    return shown === undefined ? outcome : { ...outcome, shown };
  } catch (error) {
    // It is committed, and must be told as done, though its members cannot be read at this moment.
    if (error instanceof StoreUnavailable) return outcome;
    throw error;
  }
}
