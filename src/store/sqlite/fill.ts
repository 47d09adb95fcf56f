import { performance } from 'node:perf_hooks';
import { indexShape, type Resource, type ResourceType } from '../../scim/index.ts';
import type { Fill } from '../fills.ts';
import { keysOf } from '../keys.ts';
import { INSERT_KEY } from './commit.ts';
import { type Connection, row, rows, run } from './connection.ts';
import { dropFill, keepFill } from './fills.ts';

/** One commit with other writes holds the event loop no longer than this. */
const SLICE_MS = 4;
const ROWS = 20;
const KEYS = 200;

/**
 * Does a little more of a fill, and remembers how far it is, in the transaction that is open: what is cut off goes on
 * from there. undefined when all is done.
 */
export function fillSlice(connection: Connection, fill: Fill, type: ResourceType | undefined): Fill | undefined {
  const until = performance.now() + SLICE_MS;
  let at: Fill | undefined = fill;
  while (at !== undefined && performance.now() < until) at = step(connection, at, type);
  if (at !== undefined) keepFill(connection, at);
  else if (fill.state === 'drop') dropFill(connection, fill);
  else keepFill(connection, { ...fill, state: 'done', directory: '', seq: 0 });
  return at;
}

function step(connection: Connection, fill: Fill, type: ResourceType | undefined): Fill | undefined {
  if (fill.directory === '') return nextDirectory(connection, fill);
  if (fill.state === 'fill') {
    const seq = type === undefined ? undefined : fillRows(connection, fill, type);
    return seq === undefined ? nextDirectory(connection, fill) : { ...fill, seq };
  }
  const { directory, type: name, attribute } = fill;
  return run(connection, DELETE_KEYS, directory, name, attribute, KEYS) < KEYS ? nextDirectory(connection, fill) : fill;
}

const NEXT_DIRECTORY = 'SELECT id FROM directories WHERE id > ? AND application = ? ORDER BY id LIMIT 1';

/** What is taken out is taken out everywhere before anything is filled in. */
function nextDirectory(connection: Connection, fill: Fill): Fill | undefined {
  const next = row(connection, NEXT_DIRECTORY, fill.directory, fill.application)?.[0];
  if (next !== undefined) return { ...fill, directory: next as string, seq: 0 };
  return fill.state === 'clean' ? { ...fill, state: 'fill', directory: '', seq: 0 } : undefined;
}

export const DELETE_KEYS = `DELETE FROM keys WHERE directory = ?1 AND type = ?2 AND attribute = ?3 AND (value, subject) IN
  (SELECT value, subject FROM keys WHERE directory = ?1 AND type = ?2 AND attribute = ?3 LIMIT ?4)`;

export const ROWS_AFTER = `SELECT r.id, r.seq, r.text, r.shape FROM resources r
  WHERE r.directory = ? AND r.type = ? AND r.seq > ? ORDER BY r.seq LIMIT ?`;
export const UPDATE_SHAPE = 'UPDATE resources SET shape = ? WHERE directory = ? AND id = ?';

/** The seq of the last row that was looked at; undefined when there are no more. */
function fillRows(connection: Connection, { directory, seq, attribute }: Fill, type: ResourceType): number | undefined {
  const found = rows(connection, ROWS_AFTER, directory, type.name, seq, ROWS);
  for (const [id, , text, was] of found as readonly [string, number, string, string][]) {
    const folded = indexShape(type, JSON.parse(text) as Resource);
    const shape = JSON.stringify(folded);
    // It may have been folded by another definition of the attribute.
    if (shape !== was) run(connection, UPDATE_SHAPE, shape, directory, id);
    for (const { name, value } of attribute === '' ? [] : keysOf(type, folded)) {
      if (name === attribute) run(connection, INSERT_KEY, directory, type.name, name, value, id);
    }
  }
  return found.at(-1)?.[1] as number | undefined;
}
