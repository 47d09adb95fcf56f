import type { Change, ChangeSet } from '../../directory/index.ts';
import { type Told, told } from '../history-row.ts';
import type { Writing } from './writing.ts';

/** `cause` is the place of another change of the set; `seq` is given after the commit, by the sequencer. */
const insert = (number: string): string => `INSERT INTO changes
  (directory, set_number, place, cause, at, by_kind, by_id, by_name, request_id, kind, type, subject, before, after, inactive)
  SELECT $1, (SELECT ${number}('joinery.change_sets')), v.place, v.cause, $2, $3, $4, $5, $6,
    v.kind, v.type, v.subject, v.before, v.after, v.inactive
  FROM unnest($7::integer[], $8::integer[], $9::text[], $10::text[], $11::text[], $12::text[], $13::text[],
    $14::integer[]) AS v (place, cause, kind, type, subject, before, after, inactive)`;

/** The set's number is taken here, while everything that it alters is locked: of two sets that alter one record the later has the larger one. */
const INSERT_FIRST = insert('nextval');
/** The same number again: nobody else has this client. */
const INSERT_NEXT = insert('currval');

/** One row for each change, in the transaction that makes it: what is not in history did not happen. */
export async function writeHistory(
  { session, directory, sent }: Writing,
  { by, requestId, at, changes }: ChangeSet,
): Promise<void> {
  let sql = INSERT_FIRST;
  for (const { slice, weight } of slicesOf(changes)) {
    sent.add(
      session.run(
        sql,
        directory,
        at,
        by.kind,
        by.id,
        by.name,
        requestId,
        slice.map(({ place }) => place),
        slice.map(({ cause }) => cause),
        slice.map(({ kind }) => kind),
        slice.map(({ type }) => type),
        slice.map(({ subject }) => subject),
        slice.map(({ before }) => before),
        slice.map(({ after }) => after),
        slice.map(({ inactive }) => inactive),
      ),
      Math.max(slice.length, weight / 1000),
    );
    sql = INSERT_NEXT;
    await sent.room();
  }
}

interface Line extends Told {
  readonly place: number;
  readonly cause: number | null;
  readonly kind: Change['kind'];
  readonly inactive: number;
}

interface Slice {
  readonly slice: readonly Line[];
  readonly weight: number;
}

const LINES = 1000;
/** Characters: of what is long, fewer. */
const WEIGHT = 1_048_576;

function* slicesOf(changes: readonly Change[]): Generator<Slice> {
  let slice: Line[] = [];
  let weight = 0;
  for (const [place, change] of changes.entries()) {
    const line = {
      place,
      cause: change.cause ?? null,
      kind: change.kind,
      inactive: inactiveBy(change),
      ...told(change),
    };
    slice.push(line);
    weight += (line.before?.length ?? 0) + (line.after?.length ?? 0);
    if (slice.length < LINES && weight < WEIGHT) continue;
    yield { slice, weight };
    slice = [];
    weight = 0;
  }
  if (slice.length > 0) yield { slice, weight };
}

/** How many more are inactive by this change. */
export function inactiveBy(change: Change): number {
  switch (change.kind) {
    case 'created':
      return change.after.resource.active === false ? 1 : 0;
    case 'updated':
      return (change.after.resource.active === false ? 1 : 0) - (change.before.active ? 0 : 1);
    case 'removed':
      return change.before.active ? 0 : -1;
    default:
      return 0;
  }
}
