import { findPlace, type PlaceWanted } from '../access/index.ts';
import type { JournalAsked, JournalRow } from '../directory/index.ts';
import type { Store } from '../store/index.ts';

export type JournalListed =
  | { readonly kind: 'listed'; readonly calls: readonly JournalCall[] }
  | { readonly kind: 'refused'; readonly detail: string };

/** A call with the name of the credential that it came with. */
export interface JournalCall extends JournalRow {
  readonly credentialName: string | undefined;
}

export type ListJournal = (place: PlaceWanted, asked: JournalAsked) => Promise<JournalListed>;

/** Calls of a directory, latest first. */
export function journalOf(store: Store, applications: readonly string[]): ListJournal {
  return async (place, asked) => {
    const found = await findPlace(place, { store, applications });
    if (found.kind === 'refused') return found;
    const calls = await store.journal.calls(found.directory.id, asked);
    const names = new Map((await store.credentials(found.organization.id)).map(({ id, name }) => [id, name]));
    return {
      kind: 'listed',
      calls: calls.map((call) => ({ ...call, credentialName: names.get(call.credential ?? '') })),
    };
  };
}
