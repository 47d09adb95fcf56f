import type { Refusal } from './refusal.ts';
import { noun } from './refusal-nouns.ts';

export function seatsFull({ label, used, limit, reserve }: Extract<Refusal, { reason: 'seats-full' }>): string {
  const kept =
    reserve === 0
      ? ''
      : ` ${reserve} of them ${reserve === 1 ? 'is' : 'are'} kept for the administrators of the application.`;
  return `There is no seat for "${label}": ${used} of the ${limit} seats of this directory are taken.${kept} Deactivate a user who needs theirs no longer, or have the number of seats raised in the application, then retry.`;
}

export function protectedUser({ label, asked }: Extract<Refusal, { reason: 'protected-user' }>): string {
  const what = asked === 'rename' ? 'given another userName' : 'deactivated or removed';
  return `"${label}" is protected in the application and is not ${what} by an identity provider. Nothing was changed. Ask an administrator of the application to take the protection away, then retry; or leave the user assigned.`;
}

export function theOne({ type, label }: { type: string; label: string }): string {
  return type === 'User' ? `"${label}"` : `what the group "${label}" gives its members`;
}

/** Nothing that is held is told as done. */
export function held(refusal: Extract<Refusal, { reason: 'held' }>): string {
  const what = heldWhat(refusal);
  if (refusal.rejected !== undefined) {
    return `${what} was not done: an administrator of the application rejected it at ${minute(refusal.rejected)}. Nothing was changed. Undo it in your identity provider as well (assign the user, or put the members back), or ask that administrator to approve it after all.`;
  }
  const decides = `An administrator of the application approves or rejects it in its list of holds; it needs no retry then.`;
  const { tripped } = refusal;
  if (tripped === undefined) {
    return `${what} was not done: it is held since ${minute(refusal.since ?? '')} until a person decides. Nothing was changed. ${decides}`;
  }
  return `${what} was not done: it is held until a person decides. ${already(tripped)}, and at most ${tripped.limit} are let through in that time. Nothing was changed. ${decides}`;
}

function heldWhat({ type, label, work }: Extract<Refusal, { reason: 'held' }>): string {
  if (work === 'deactivate') return `The deactivation of "${label}"`;
  if (work === 'remove') return `The removal of the ${noun(type)} "${label}"`;
  return `The removal of members from the group "${label}"`;
}

function already({
  what,
  count,
  asked,
  windowSeconds,
}: NonNullable<Extract<Refusal, { reason: 'held' }>['tripped']>): string {
  const within = `within the last ${duration(windowSeconds)}`;
  if (what === 'users') {
    return `${count} ${count === 1 ? 'user was' : 'users were'} deactivated or removed ${within}`;
  }
  return `${count} ${count === 1 ? 'membership was' : 'memberships were'} taken away ${within}, this would take ${asked} more`;
}

/** `hour`, `15 minutes`, `2 days` */
function duration(seconds: number): string {
  for (const [unit, size] of UNITS) {
    if (seconds % size !== 0) continue;
    const count = seconds / size;
    return count === 1 ? unit : `${count} ${unit}s`;
  }
  return `${seconds} seconds`;
}

const UNITS = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
] as const;

/** `2026-11-22 10:00Z` */
function minute(at: string): string {
  return `${at.slice(0, 16).replace('T', ' ')}Z`;
}
