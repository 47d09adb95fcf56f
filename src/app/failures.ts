import { findPlace, type PlaceWanted } from '../access/index.ts';
import {
  type FailureShown,
  failurePages,
  failureShown,
  failuresCsv,
  failuresJson,
  type OrganizationStore,
} from '../directory/index.ts';
import type { Store } from '../store/index.ts';

export interface FailuresOfPlace {
  /** Those that failed last first. */
  readonly list: (place: PlaceWanted) => Promise<FailuresListed>;
  /** All, as the text of a file, in pieces. */
  readonly export: (place: PlaceWanted, format: 'csv' | 'json') => Promise<FailuresExported>;
}

export type FailuresListed =
  | { readonly kind: 'listed'; readonly failures: readonly FailureShown[] }
  | { readonly kind: 'refused'; readonly detail: string };

export type FailuresExported =
  | { readonly kind: 'exported'; readonly pieces: AsyncIterable<string> }
  | { readonly kind: 'refused'; readonly detail: string };

/** The failure list, as who operates the instance has it; administrators will have it from the same functions. */
export function failuresOf(store: Store & OrganizationStore, applications: readonly string[]): FailuresOfPlace {
  const pagesOf = async (place: PlaceWanted) => {
    const found = await findPlace(place, { store, applications });
    if (found.kind === 'refused') return found;
    return { kind: 'found' as const, pages: failurePages(store, found.directory.id) };
  };
  return {
    async list(place) {
      const found = await pagesOf(place);
      if (found.kind === 'refused') return found;
      const failures: FailureShown[] = [];
      for await (const page of found.pages) failures.push(...page.map(failureShown));
      return { kind: 'listed', failures: failures.sort((a, b) => (a.last < b.last ? 1 : a.last > b.last ? -1 : 0)) };
    },
    async export(place, format) {
      const found = await pagesOf(place);
      if (found.kind === 'refused') return found;
      return { kind: 'exported', pieces: format === 'csv' ? failuresCsv(found.pages) : failuresJson(found.pages) };
    },
  };
}
