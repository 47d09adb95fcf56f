import type { HeldWork, Hold, NewHold } from '../hold.ts';
import { asksMore, workOf } from '../policies/guard.ts';
import { labelOf } from '../policies/label.ts';
import type { Asked } from '../policies/limit.ts';
import type { Transaction } from '../ports.ts';
import type { Refusal } from '../refusal.ts';
import { storedSentence } from '../refusal-sentence.ts';

export interface Holding {
  readonly asked: Asked;
  readonly refusal: Refusal;
  /** The one that stands against the same subject. */
  readonly standing: Hold | undefined;
  readonly requestId: string;
  readonly now: string;
  readonly newId: () => string;
}

/** What a held write leaves in the transaction that refused it. */
export interface Held {
  readonly hold: NewHold;
  /** The one that it takes the place of. */
  readonly instead?: Hold;
}

/**
 * A new hold, or the one that stands with what is asked for now. When more is asked for than was rejected, a person decides
 * on all of it once more; when a group is wanted that was to go, on what it is to lose now.
 */
export function heldBy({ asked, refusal, standing, requestId, now, newId }: Holding): Held {
  const { by, record } = asked;
  const work = workAfter(asked, standing);
  const isOther = standing !== undefined && (isTakenBack(asked, standing) || isBeyondRejected(asked, standing));
  const isBump = standing !== undefined && !isOther;
  const hold: NewHold = {
    id: isBump ? standing.id : newId(),
    type: record.type,
    subject: record.id,
    label: labelOf(record),
    work,
    // What tripped the guard is told at its first; that it was asked again says less.
    why: isBump ? standing.why : storedSentence(refusal),
    by,
    requestId,
    at: now,
  };
  return isOther ? { hold, instead: standing } : { hold };
}

export async function recordHeld(transaction: Transaction, { hold, instead }: Held): Promise<void> {
  if (instead !== undefined) {
    await transaction.decideHolds([instead.id], { state: 'withdrawn', by: hold.by, at: hold.at });
  }
  await transaction.recordHold(hold);
}

function isTakenBack({ wanted }: Asked, { work }: Hold): boolean {
  return wanted.subject && work.kind !== 'removeMembers';
}

function isBeyondRejected(asked: Asked, hold: Hold): boolean {
  return hold.state === 'rejected' && asksMore(asked, hold);
}

/** Members whose leaving is held stay held when others of the same group are asked for. */
function workAfter(asked: Asked, standing: Hold | undefined): HeldWork {
  const kind = workOf(asked);
  if (kind !== 'removeMembers') return { kind };
  if (standing?.work.kind === 'remove' && !isTakenBack(asked, standing)) return standing.work;
  const before = standing?.work.kind === 'removeMembers' ? standing.work.ids : [];
  return { kind, ids: [...new Set([...before, ...idsOf(asked)])] };
}

function idsOf({ effect }: Asked): readonly string[] {
  return effect.left.flatMap(({ ids }) => ids);
}
