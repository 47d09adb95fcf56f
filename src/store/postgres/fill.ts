import { StoreUnavailable } from '../../directory/index.ts';
import { indexShape, type Resource, type ResourceType } from '../../scim/index.ts';
import type { FillerMeans } from '../filler.ts';
import type { Fill } from '../fills.ts';
import { keysOf } from '../keys.ts';
import { declareFills, dropFill, keepFill, lockFill, storedFills } from './fills.ts';
import { type Pool, row, type Session } from './pool.ts';
import { INSERT_KEYS } from './record-keys.ts';

/** The filler's part that is PostgreSQL's. `owner` sees all directories. */
export function fillsOf(owner: Pool): Pick<FillerMeans, 'stored' | 'keep' | 'slice'> {
  return {
    stored: (application) => owner.use(undefined, (session) => storedFills(session, application)),
    keep: (fills) => owner.transaction(undefined, (session) => declareFills(session, fills)),
    slice: (fill, type) => owner.transaction(undefined, (session) => fillSlice(session, fill, type)),
  };
}

/**
 * Does a little more of a fill, from where the last process that did some of it has come to. undefined when all is done.
 *
 * @throws StoreUnavailable while another process has declared something else: the one that is replaced by it waits
 */
async function fillSlice(session: Session, fill: Fill, type: ResourceType | undefined): Promise<Fill | undefined> {
  const stored = await lockFill(session, fill);
  const isDrop = fill.state === 'drop';
  // What another process has dropped already, or declares again.
  if (isDrop && stored?.state !== 'drop') return undefined;
  if (stored === undefined || stored.form !== fill.form || (stored.state === 'drop') !== isDrop) {
    throw new StoreUnavailable(`another process declares ${fill.attribute} of ${fill.application} otherwise`);
  }
  if (stored.state === 'done') return undefined;
  const at = await step(session, stored, type);
  if (at !== undefined) await keepFill(session, at);
  else if (isDrop) await dropFill(session, stored);
  else await keepFill(session, { ...stored, state: 'done', directory: '', seq: 0 });
  return at;
}

async function step(session: Session, fill: Fill, type: ResourceType | undefined): Promise<Fill | undefined> {
  if (fill.directory === '') return nextDirectory(session, fill);
  if (fill.state === 'fill') {
    const seq = type === undefined ? undefined : await fillRows(session, fill, type);
    return seq === undefined ? nextDirectory(session, fill) : { ...fill, seq };
  }
  const { directory, type: name, attribute } = fill;
  const deleted = await session.run(DELETE_KEYS, directory, name, attribute);
  return deleted < KEYS ? nextDirectory(session, fill) : fill;
}

const NEXT_DIRECTORY = 'SELECT id FROM directories WHERE id > $1 AND application = $2 ORDER BY id LIMIT 1';

/** What is taken out is taken out everywhere before anything is filled in. */
async function nextDirectory(session: Session, fill: Fill): Promise<Fill | undefined> {
  const next = (await row(session, NEXT_DIRECTORY, fill.directory, fill.application))?.[0];
  if (next !== undefined) return { ...fill, directory: next as string, seq: 0 };
  return fill.state === 'clean' ? { ...fill, state: 'fill', directory: '', seq: 0 } : undefined;
}

const KEYS = 1000;
/** The first of them, and those that share the last one's value. */
export const DELETE_KEYS = `DELETE FROM keys WHERE directory = $1 AND type = $2 AND attribute = $3 AND value_at <=
  (SELECT max(first.value_at) FROM (SELECT k.value_at FROM keys k
    WHERE k.directory = $1 AND k.type = $2 AND k.attribute = $3 ORDER BY k.value_at LIMIT ${KEYS}) first)`;

const ROWS = 200;
/** Bytes of JSON text: rows that are large come one by one. */
const WEIGHT = 1_048_576;

export const WEIGHTS_AFTER = `SELECT r.seq, octet_length(r.text) FROM resources r
  WHERE r.directory = $1 AND r.type = $2 AND r.seq > $3 ORDER BY r.seq LIMIT ${ROWS}`;
/** Whoever alters one of them at this moment is waited for, and waits: its keys are those of its text. */
export const ROWS_BETWEEN = `SELECT r.id, r.text FROM resources r
  WHERE r.directory = $1 AND r.type = $2 AND r.seq > $3 AND r.seq <= $4 ORDER BY r.seq FOR NO KEY UPDATE OF r`;
/** They may have been folded by another definition of the attribute. */
export const UPDATE_SHAPES = `UPDATE resources r SET shape = v.shape::jsonb
  FROM unnest($2::text[], $3::text[]) AS v (id, shape)
  WHERE r.directory = $1 AND r.id = ANY($2::text[]) AND r.id = v.id AND r.shape <> v.shape::jsonb`;

/** The seq of the last row that was looked at; undefined when there are no more. */
async function fillRows(session: Session, fill: Fill, type: ResourceType): Promise<number | undefined> {
  const { directory, seq, attribute } = fill;
  const last = lastOf(await session.rows(WEIGHTS_AFTER, directory, type.name, seq));
  if (last === undefined) return undefined;
  const found = (await session.rows(ROWS_BETWEEN, directory, type.name, seq, last)) as readonly [string, string][];
  const folded = found.map(([id, text]) => ({ id, shape: indexShape(type, JSON.parse(text) as Resource) }));
  const keys = folded.flatMap(({ id, shape }) =>
    attribute === ''
      ? []
      : keysOf(type, shape).flatMap(({ name, value }) => (name === attribute ? [{ id, value }] : [])),
  );
  await Promise.all([
    session.run(
      UPDATE_SHAPES,
      directory,
      folded.map(({ id }) => id),
      folded.map(({ shape }) => JSON.stringify(shape)),
    ),
    keys.length === 0
      ? undefined
      : session.run(
          INSERT_KEYS,
          directory,
          keys.map(() => type.name),
          keys.map(() => attribute),
          keys.map(({ value }) => value),
          keys.map(({ id }) => id),
        ),
  ]);
  return last;
}

/** The seq of the last row that is read together with those before it. */
function lastOf(weights: readonly (readonly unknown[])[]): number | undefined {
  let last: number | undefined;
  let sum = 0;
  for (const [seq, weight] of weights as readonly (readonly [number, number])[]) {
    sum += weight;
    if (last !== undefined && sum > WEIGHT) break;
    last = seq;
  }
  return last;
}
