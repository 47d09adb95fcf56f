import { ACCOUNT_FAULTS } from './accounts.ts';
import type { Fault } from './fault.ts';
import { LIST_FAULTS } from './lists.ts';
import { MEMBERSHIP_FAULTS } from './memberships.ts';
import { PROFILE_FAULTS } from './profiles.ts';
import { REPLY_FAULTS } from './replies.ts';

/** Every fault by name. Each was a bug of a real server, and each must make a simulation fail. */
export const FAULTS = {
  ...ACCOUNT_FAULTS,
  ...PROFILE_FAULTS,
  ...LIST_FAULTS,
  ...REPLY_FAULTS,
  ...MEMBERSHIP_FAULTS,
} as const satisfies Record<string, Fault>;

export type FaultName = keyof typeof FAULTS;
