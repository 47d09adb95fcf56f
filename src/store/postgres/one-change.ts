import type { Change, ChangeSet } from '../../directory/index.ts';
import { columnsOf } from '../columns.ts';
import { told } from '../history-row.ts';
import { hasKeys, keysOf } from '../keys.ts';
import { inactiveBy } from './history.ts';
import { isRenamed, mustAlter } from './records.ts';
import type { Writing } from './writing.ts';

type Created = Extract<Change, { kind: 'created' }>;
type Updated = Extract<Change, { kind: 'updated' }>;

/** The row of history of what `record` returns, which has been altered by then: it may have waited for others first. */
const history = (by: string, told: string): string => `INSERT INTO changes
    (directory, set_number, place, cause, by_kind, by_id, by_name, request_id, at, kind, type, subject, before, after, inactive)
  SELECT $1, nextval('joinery.change_sets'), 0, NULL, ${by}, ${told} FROM record`;

const CREATE_ONE = `WITH record AS (INSERT INTO resources
    (directory, type, id, version, created, modified, active, member_count,
     name_key, twin, external_id, display_key, label, text, shape, owned)
    VALUES ($1, $2, $3, $4, $5, $6, $7, 0, $8, $9, $10, $11, $12, $13, $14::jsonb, $15) RETURNING id),
  found AS (INSERT INTO keys (directory, type, attribute, value, subject)
    SELECT $1, $2, v.attribute, v.value, $3 FROM unnest($16::text[], $17::text[]) AS v (attribute, value)
    ON CONFLICT DO NOTHING)
  ${history('$18, $19, $20, $21', "$22, 'created', $2, record.id, $23, $13, $24")}`;

const UPDATE_ONE = `WITH record AS (UPDATE resources
    SET version = $3, modified = $4, active = $5, text = $6, shape = $7::jsonb
    WHERE directory = $1 AND id = $2 RETURNING id, type)
  ${history('$8, $9, $10, $11', "$4, 'updated', record.type, record.id, $12, $13, $14")}`;

/**
 * Most sets are one create, or one update of nothing that a record is found by: each is one statement, with its row of
 * history. Of the three or two that they would be, every one costs about as much as what it does. False: it is another set,
 * and nothing was sent.
 */
export function sendOneChange(writing: Writing, set: ChangeSet): boolean {
  const [change, ...others] = set.changes;
  if (change === undefined || others.length > 0) return false;
  if (change.kind === 'created') return createOne(writing, change, set);
  if (change.kind === 'updated' && change.after.modified === set.at) return updateOne(writing, change, set);
  return false;
}

function createOne({ session, directory, sent }: Writing, change: Created, { at, by, requestId }: ChangeSet): true {
  const { type, id, version, created, modified, text, unowned } = change.after;
  const { active, nameKey, twin, externalId, displayKey, label, shape, folded } = columnsOf(change.after);
  const keys = keysOf(type, folded);
  const sending = session.run(
    CREATE_ONE,
    ...[directory, type.name, id, version, created, modified, active === 1],
    ...[nameKey, twin, externalId, displayKey, label, text, shape, unowned !== true],
    keys.map(({ name }) => name),
    keys.map(({ value }) => value),
    ...[by.kind, by.id, by.name, requestId, at, told(change).before, inactiveBy(change)],
  );
  sent.add(sending, 10);
  return true;
}

function updateOne({ session, directory, sent }: Writing, change: Updated, { by, requestId }: ChangeSet): boolean {
  const { after, difference } = change;
  if (isRenamed(difference) || hasKeys(after.type, difference.after)) return false;
  const { id, version, modified, text } = after;
  const { active, shape } = columnsOf(after);
  const { before, after: became } = told(change);
  const sending = session.run(
    UPDATE_ONE,
    ...[directory, id, version, modified, active === 1, text, shape],
    ...[by.kind, by.id, by.name, requestId, before, became, inactiveBy(change)],
  );
  sent.check(mustAlter(sending, id), 10);
  return true;
}
