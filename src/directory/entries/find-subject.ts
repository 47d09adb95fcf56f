import { fold, isObject, type JsonValue } from '../../scim/index.ts';
import { nameOf } from '../name-of.ts';
import type { DirectoryStore } from '../ports.ts';

/** Changes that are read together. */
const WINDOW = 500;

/**
 * The id of a record that is there, or was as far back as history goes: by its id, or by its userName or displayName. Who
 * is there comes before who was; of several who were, the last one.
 */
export async function findSubject(
  store: DirectoryStore,
  directory: string,
  { type, name }: { type: 'User' | 'Group'; name: string },
): Promise<string | undefined> {
  const there = await store.reader(directory).record(type, name);
  if (there !== undefined) return there.id;
  const named = await store.write(directory, (transaction) => transaction.byName(type, fold(name)));
  if (named !== undefined) return named.id;
  const history = store.history(directory);
  const span = await history.span();
  if (span === undefined) return undefined;
  const [latest] = await history.ofSubject(name, { before: span.last + 1, limit: 1 });
  if (latest?.type === type) return latest.subject;
  for (let to = span.last; to >= span.first; to -= WINDOW) {
    const range = { first: Math.max(span.first, to - WINDOW + 1), last: to };
    const removals = await history.range(range, { kind: 'removed' });
    const found = removals.findLast((row) => row.type === type && fold(nameIn(type, row.before)) === fold(name));
    if (found !== undefined) return found.subject;
  }
  return undefined;
}

function nameIn(type: string, before: string | undefined): string {
  const value = JSON.parse(before ?? '{}') as JsonValue;
  return isObject(value) && isObject(value.resource) ? nameOf(type, value.resource) : '';
}
