import type { Change } from '../../directory/index.ts';
import { row } from './pool.ts';
import type { Reading } from './reading.ts';
import type { Writing } from './writing.ts';

/** It goes with its user, by the statement that removes them. */
const SET_PASSWORD = `INSERT INTO passwords (directory, subject, hash, at) VALUES ($1, $2, $3, $4)
  ON CONFLICT (directory, subject) DO UPDATE SET hash = excluded.hash, at = excluded.at`;

export function setPassword(
  { session, directory, sent }: Writing,
  { change: { record, hash }, at }: { change: Extract<Change, { kind: 'password' }>; at: string },
): void {
  sent.add(session.run(SET_PASSWORD, directory, record.id, hash, at));
}

export const PASSWORD_OF = 'SELECT hash FROM passwords WHERE directory = $1 AND subject = $2';

/** Its hash. */
export async function passwordOf({ session, directory }: Reading, subject: string): Promise<string | undefined> {
  if (subject.includes('\0')) return undefined;
  return (await row(session, PASSWORD_OF, directory, subject))?.[0] as string | undefined;
}
