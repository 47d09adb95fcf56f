import { compareSortKeys, matches, type Resource, sortKey } from '../../../src/scim/index.ts';
import type { Asked } from './ask.ts';
import type { World } from './world.ts';

/** The ids of all that a query finds, in order, as memory says. */
export function answerOf(world: World, { selections, query }: Asked): readonly string[] {
  const found = selections.flatMap(({ type, filter, sortBy }) =>
    (world.resources.get(type) ?? [])
      .filter((resource) => filter === undefined || matches(filter, resource))
      .map((resource) => ({ id: idOf(resource), key: sortBy === undefined ? undefined : sortKey(sortBy, resource) })),
  );
  const sign = query.sorted === 'descending' ? -1 : 1;
  // Sorting is stable: what is equal stays in order of creation.
  if (query.sorted !== undefined) found.sort((one, other) => sign * compareSortKeys(one.key, other.key));
  return found.map(({ id }) => id);
}

function idOf({ id }: Resource): string {
  return String(id);
}
