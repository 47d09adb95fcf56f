import { ScimError } from '../scim/index.ts';

export interface Unfinished {
  readonly filtered: boolean;
  readonly sorted: boolean;
}

/** RFC 7644 §3.4.2.1, table 9: the query yields more than the server is willing to work through. */
export function tooMany({ sorted, filtered }: Unfinished): ScimError {
  const sorting =
    'sortBy names an attribute that no index serves, so that the values of all resources had to be read and sorted. Sort by userName, id, meta.created or meta.lastModified, of groups by displayName';
  if (!sorted) return ScimError.tooMany(`The filter took longer than a filter may: it ${FILTERING}.`);
  if (!filtered)
    return ScimError.tooMany(`The sorting took longer than it may: ${sorting}, or ask for fewer with a filter.`);
  return ScimError.tooMany(
    `The query took longer than it may: its filter ${FILTERING}; or leave out sortBy, for which all that matches is read and sorted.`,
  );
}

const FILTERING =
  'compares attributes that have no index, and every value of very many resources had to be looked at. Filter by userName, externalId, id, displayName or emails.value with eq, add such a term with "and", or use fewer terms';
