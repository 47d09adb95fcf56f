import type { Change } from '../../directory/index.ts';
import { indexShape, type JsonObject, type ResourceType } from '../../scim/index.ts';
import { anyKeysOf, hasKeys, type Key, keysOf, keysWithout } from '../keys.ts';
import { atOf } from './at.ts';
import type { Gone } from './records.ts';
import type { Writing } from './writing.ts';

export const INSERT_KEYS = `INSERT INTO keys (directory, type, attribute, value, subject)
  SELECT $1, v.type, v.attribute, v.value, v.subject
  FROM unnest($2::text[], $3::text[], $4::text[], $5::text[]) AS v (type, attribute, value, subject)
  ON CONFLICT DO NOTHING`;

interface Keyed {
  readonly type: ResourceType;
  readonly id: string;
  readonly shape: JsonObject;
}

export function insertKeys(writing: Writing, records: readonly Keyed[]): void {
  const keys = records.flatMap(({ type, id, shape }) =>
    keysOf(type, shape).map((key) => ({ ...key, type: type.name, id })),
  );
  if (keys.length === 0) return;
  writing.sent.add(
    writing.session.run(
      INSERT_KEYS,
      writing.directory,
      keys.map(({ type }) => type),
      keys.map(({ name }) => name),
      keys.map(({ value }) => value),
      keys.map(({ id }) => id),
    ),
    keys.length,
  );
}

type Updated = Pick<Extract<Change, { kind: 'updated' }>, 'after' | 'difference'>;

export function moveKeys(writing: Writing, { after: { type, id }, difference }: Updated): void {
  if (!hasKeys(type, difference.after)) return;
  const were = keysOf(type, indexShape(type, difference.before));
  const are = keysOf(type, indexShape(type, difference.after));
  deleteKeys(writing, { type: type.name, id, keys: keysWithout(were, are) });
  const added = keysWithout(are, were);
  if (added.length === 0) return;
  const all = (value: string): string[] => added.map(() => value);
  writing.sent.add(
    writing.session.run(
      INSERT_KEYS,
      writing.directory,
      all(type.name),
      added.map(({ name }) => name),
      added.map(({ value }) => value),
      all(id),
    ),
    added.length,
  );
}

export async function dropKeys(writing: Writing, gone: readonly Gone[]): Promise<void> {
  for (const { type, id, shape } of gone) {
    const text = await shape.catch(() => undefined);
    // What had failed before it is what is told.
    if (text === undefined) await writing.sent.all();
    else deleteKeys(writing, { type, id, keys: anyKeysOf(JSON.parse(text) as JsonObject) });
    await writing.sent.room();
  }
}

/** An array of places is what the index is asked for, one after another, however many they are. */
export const DELETE_KEYS_OF = `DELETE FROM keys k WHERE k.directory = $1 AND k.type = $2 AND k.attribute = $3
  AND k.value_at = ANY(ARRAY(SELECT ${atOf('v.value')} FROM unnest($4::text[]) AS v (value)))
  AND k.subject = $5 AND k.value = ANY($4::text[])`;

function deleteKeys(
  { session, directory, sent }: Writing,
  { type, id, keys }: { type: string; id: string; keys: readonly Key[] },
): void {
  for (const [attribute, values] of byName(keys)) {
    sent.add(session.run(DELETE_KEYS_OF, directory, type, attribute, values, id), values.length);
  }
}

function byName(keys: readonly Key[]): ReadonlyMap<string, readonly string[]> {
  const values = new Map<string, string[]>();
  for (const { name, value } of keys) {
    const known = values.get(name);
    if (known === undefined) values.set(name, [value]);
    else known.push(value);
  }
  return values;
}
