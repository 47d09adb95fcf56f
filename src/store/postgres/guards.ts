import type { GuardState } from '../../directory/index.ts';
import { row } from './pool.ts';
import type { Reading } from './reading.ts';

export const GUARD_STATE = 'SELECT since, snoozed_until FROM guards WHERE directory = $1';

export async function guardState({ session, directory }: Reading): Promise<GuardState> {
  const [since, snoozedUntil] = (await row(session, GUARD_STATE, directory)) ?? [];
  return {
    since: (since as string | null | undefined) ?? undefined,
    snoozedUntil: (snoozedUntil as string | null | undefined) ?? undefined,
  };
}

const SET = `INSERT INTO guards AS g (directory, since, snoozed_until) VALUES ($1, $2, $3)
  ON CONFLICT (directory) DO UPDATE SET since = CASE WHEN $4::boolean THEN excluded.since ELSE g.since END,
    snoozed_until = CASE WHEN $5::boolean THEN excluded.snoozed_until ELSE g.snoozed_until END`;

/** What is named is set, undefined too; what is not, stays. */
export async function setGuardState({ session, directory }: Reading, alter: Partial<GuardState>): Promise<void> {
  const named = [Object.hasOwn(alter, 'since'), Object.hasOwn(alter, 'snoozedUntil')];
  await session.run(SET, directory, alter.since ?? null, alter.snoozedUntil ?? null, ...named);
}
