import type { Hold } from '../hold.ts';
import type { Transaction } from '../ports.ts';
import type { Refusal } from '../refusal.ts';
import { sentence } from '../refusal-sentence.ts';
import { turn } from '../turn.ts';
import type { Deciding } from './deciding.ts';
import type { HoldDecided, HoldNamed } from './operation.ts';

/** Each hold that was named, as it stands in this transaction; undefined when it stands no more. */
export async function* eachStanding(
  transaction: Transaction,
  { holds, alone }: Pick<Deciding, 'holds' | 'alone'>,
): AsyncGenerator<{ readonly named: HoldNamed; readonly hold: Hold | undefined }> {
  for (const [at, named] of holds.entries()) {
    // What shares its commit with others awaits nothing but the store.
    if (alone && at % IN_A_TURN === IN_A_TURN - 1) await turn();
    const { type, subject } = named;
    // The record first, as a provider's write has it: who locks the two the other way round stands in its way.
    const [, hold] = await Promise.all([transaction.record(type, subject), transaction.standingHold(type, subject)]);
    yield { named, hold: hold?.id === named.id ? hold : undefined };
  }
}

const IN_A_TURN = 50;

export function decidedOf(
  { id, type, subject }: HoldNamed,
  hold: Hold | undefined,
  became: HoldDecided['became'],
  refusal?: Refusal,
): HoldDecided {
  const { label, work } = hold ?? { label: '', work: undefined };
  return {
    id,
    type,
    subject,
    label,
    work: work?.kind,
    became,
    ...(refusal === undefined ? {} : { detail: sentence(refusal) }),
  };
}
