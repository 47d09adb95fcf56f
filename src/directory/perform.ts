import type { Actor, Operation, Together } from './actor.ts';
import { decideHolds } from './holds/decide-holds.ts';
import type { DecideHolds, HoldDecided } from './holds/operation.ts';
import { importUsers } from './import/import-users.ts';
import type { ImportReport, ImportUsers } from './import/operation.ts';
import { createTurns } from './in-turn.ts';
import type { Outcome } from './outcome.ts';
import type { DirectoryStore } from './ports.ts';
import { show, showPage, showStreamed } from './show.ts';
import type { Undo, Undone } from './undo/operation.ts';
import { undo } from './undo/undo.ts';
import { type WriteServices, write, writeTogether } from './write.ts';

export interface DirectoryServices {
  readonly store: DirectoryStore;
  readonly clock: () => Date;
  /** A new id, unique in the instance: a UUIDv7, so that neighbours in time are neighbours in the index. */
  readonly newId: () => string;
}

export interface Perform {
  (actor: Actor, operation: Exclude<Operation, Together | Undo | DecideHolds | ImportUsers>): Promise<Outcome>;
  /** Up to the first that is refused; then nothing of it has happened. */
  (actor: Actor, operation: Together): Promise<readonly Outcome[]>;
  (actor: Actor, operation: Undo): Promise<Undone>;
  (actor: Actor, operation: ImportUsers): Promise<ImportReport>;
  /** What became of each. */
  (actor: Actor, operation: DecideHolds): Promise<readonly HoldDecided[]>;
}

/**
 * The directory's one way in. A read visits the store once; a write gathers, decides purely and commits, in one
 * transaction.
 *
 * @throws StoreUnavailable
 */
export function createPerform(given: DirectoryServices): Perform {
  const services: WriteServices = { ...given, inTurn: createTurns() };
  const perform = (actor: Actor, operation: Operation): Promise<unknown> => {
    switch (operation.kind) {
      case 'read':
        return read(services, actor, operation);
      case 'query':
        return query(services, actor, operation);
      case 'together':
        return writeTogether(services, actor, operation);
      case 'undo':
        return undo(services, actor, operation);
      case 'import-users':
        return importUsers(services, actor, operation);
      case 'approve-holds':
      case 'reject-holds':
        return decideHolds(services, actor, operation);
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
