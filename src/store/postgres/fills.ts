import { type Fill, fillOf } from '../fills.ts';
import { row, type Session } from './pool.ts';

const COLUMNS = 'application, type, attribute, form, state, reached, seq';
const SELECT = `SELECT ${COLUMNS} FROM fills WHERE application = $1`;
const LOCK = `SELECT ${COLUMNS} FROM fills WHERE application = $1 AND type = $2 AND attribute = $3 FOR UPDATE`;
const INSERT = `INSERT INTO fills (${COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7)
  ON CONFLICT (application, type, attribute) DO UPDATE SET form = excluded.form, state = excluded.state,
    reached = excluded.reached, seq = excluded.seq`;
const DECLARE = `${INSERT} WHERE fills.form <> excluded.form OR (fills.state = 'drop') <> (excluded.state = 'drop')`;
const DELETE = 'DELETE FROM fills WHERE application = $1 AND type = $2 AND attribute = $3';

/** How far everything of an application is. */
export async function storedFills(session: Session, application: string): Promise<readonly Fill[]> {
  return (await session.rows(SELECT, application)).map(fillOf);
}

/** The processes that fill the same thing take turns. */
export async function lockFill(
  session: Session,
  { application, type, attribute }: Pick<Fill, 'application' | 'type' | 'attribute'>,
): Promise<Fill | undefined> {
  const found = await row(session, LOCK, application, type, attribute);
  return found === undefined ? undefined : fillOf(found);
}

/** What another process has begun of the same goes on where that one is. */
export async function declareFills(session: Session, fills: readonly Fill[]): Promise<void> {
  await Promise.all(fills.map((fill) => session.run(DECLARE, ...valuesOf(fill))));
}

export function keepFill(session: Session, fill: Fill): Promise<number> {
  return session.run(INSERT, ...valuesOf(fill));
}

export function dropFill(session: Session, { application, type, attribute }: Fill): Promise<number> {
  return session.run(DELETE, application, type, attribute);
}

function valuesOf({ application, type, attribute, form, state, directory, seq }: Fill): readonly (string | number)[] {
  return [application, type, attribute, form, state, directory, seq];
}
