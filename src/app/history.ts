import type { PlaceWanted } from '../access/index.ts';
import {
  type Actor,
  findSubject,
  type HistoryEntry,
  listEntries,
  type Perform,
  type Undo,
  type Undone,
  type UndoSelection,
} from '../directory/index.ts';
import type { Store } from '../store/index.ts';
import type { Operator } from './operator.ts';

/** A record, by its id, or by its userName or displayName; it may have been removed. */
export interface SubjectNamed {
  readonly type: 'User' | 'Group';
  readonly name: string;
}

export interface HistoryAsked {
  readonly subject?: SubjectNamed | undefined;
  /** ISO 8601, in UTC. */
  readonly since?: string | undefined;
  /** The seq of the last one that was seen. */
  readonly before?: number | undefined;
  readonly limit: number;
}

export type HistoryListed =
  | { readonly kind: 'listed'; readonly entries: readonly HistoryEntry[] }
  | { readonly kind: 'refused'; readonly detail: string };

/** Which changes an operator takes back: those that all of these say. */
export interface UndoAsked extends Omit<UndoSelection, 'subject' | 'by'> {
  readonly subject?: SubjectNamed | undefined;
  /** Its name or id, revoked ones too. */
  readonly credential?: string | undefined;
}

export type UndoTold =
  | (Extract<Undone, { kind: 'undone' }> & {
      /** By which the undo itself is undone. */
      readonly requestId: string;
    })
  | { readonly kind: 'refused'; readonly detail: string };

export interface History {
  /** The latest first. */
  readonly list: (place: PlaceWanted, asked: HistoryAsked) => Promise<HistoryListed>;
  readonly undo: (
    place: PlaceWanted,
    asked: UndoAsked,
    options: Pick<Undo, 'dryRun' | 'onProgress' | 'signal'>,
  ) => Promise<UndoTold>;
}

export interface HistoryMeans {
  readonly store: Store;
  readonly operator: Operator;
  readonly perform: Perform;
}

/** What was changed in a directory, and taking it back, as who operates the instance has it. */
export function createHistory({ store, operator, perform }: HistoryMeans): History {
  return {
    async list(place, { subject, ...asked }) {
      const found = await operator.find(place);
      if (found.kind === 'refused') return found;
      const id = subject && (await findSubject(store, found.directory.id, subject));
      if (subject !== undefined && id === undefined) return { kind: 'refused', detail: nobody(subject) };
      return { kind: 'listed', entries: await listEntries(store, found.directory.id, { ...asked, subject: id }) };
    },

    async undo(place, asked, options) {
      const found = await operator.find(place);
      if (found.kind === 'refused') return found;
      const actor = await operator.actorAt(found);
      const selected = await selectionOf(actor, asked, found.organization.id);
      if (selected.kind === 'refused') return selected;
      const undone = await perform(actor, { kind: 'undo', selection: selected.selection, ...options });
      if (undone.kind === 'too-much') return { kind: 'refused', detail: undone.detail };
      return { ...undone, requestId: actor.requestId };
    },
  };

  async function selectionOf(
    { directory }: Actor,
    { subject, credential, ...rest }: UndoAsked,
    organization: string,
  ): Promise<{ kind: 'selected'; selection: UndoSelection } | { kind: 'refused'; detail: string }> {
    const id = subject && (await findSubject(store, directory.id, subject));
    if (subject !== undefined && id === undefined) return { kind: 'refused', detail: nobody(subject) };
    if (credential === undefined) return { kind: 'selected', selection: { ...rest, subject: id } };
    const all = (await store.credentials(organization)).filter((one) => one.directory === directory.id);
    const named = all.filter((one) => one.id === credential || one.name === credential);
    const [one] = named;
    if (one === undefined) {
      return { kind: 'refused', detail: `No token of this directory is called ${JSON.stringify(credential)}.` };
    }
    if (named.length > 1) {
      const ids = named.map((each) => each.id).join(', ');
      return { kind: 'refused', detail: `Several tokens are called ${JSON.stringify(credential)}; say which: ${ids}.` };
    }
    return { kind: 'selected', selection: { ...rest, subject: id, by: one.id } };
  }
}

function nobody({ type, name }: SubjectNamed): string {
  return `There is no ${type.toLowerCase()} ${JSON.stringify(name)} in this directory, and none that was removed as far back as its history goes.`;
}
