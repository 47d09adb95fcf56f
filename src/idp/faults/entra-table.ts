import type { EntraFlavour } from '../entra/flavour.ts';
import { ENTRA_SERVICE_FAULTS } from './entra-service.ts';
import { BOTH, ENTRA_USER_FAULTS, FLAGGED } from './entra-users.ts';
import type { Fault } from './fault.ts';
import { FAULTS, type FaultName } from './table.ts';

/** Faults of Okta's table that Entra runs into as well, whichever way it writes; those of lists are Okta's matter. */
const SHARED = [
  'deactivation-not-applied',
  'deactivation-deletes',
  'reactivation-refused',
  'lookup-hides-inactive',
  'external-id-dropped',
  'active-as-text',
  'user-name-lower-cased',
  'emails-flattened',
  'primary-forgotten',
  'stale-after-update',
  'unicode-recomposed',
  'patch-not-implemented',
  'lookup-returns-everything',
  'lookup-miss-is-404',
  'lookup-minds-case',
  'read-answers-list',
  'errors-in-plain-text',
  'html-502',
  'every-token-accepted',
  'created-without-id',
  'created-differs-from-read',
  'content-type-text',
  'meta-missing',
  'add-replaces-members',
  'add-ignored',
  'member-without-type-skipped',
  'rename-ignored',
  'group-delete-ignored',
  'group-delete-takes-users-along',
] as const satisfies readonly FaultName[];

/** Those of a filtered remove, which Entra sends with its flag only. */
const SHARED_WITH_FLAG = [
  'filtered-remove-ignored',
  'filtered-remove-clears-all',
] as const satisfies readonly FaultName[];

/** Every fault that Entra can meet, by name. Each was a bug of a real server, and each must make a simulation fail. */
export const ENTRA_FAULTS = {
  ...ENTRA_USER_FAULTS,
  ...ENTRA_SERVICE_FAULTS,
  ...shared(SHARED, BOTH),
  ...shared(SHARED_WITH_FLAG, FLAGGED),
};

export type EntraFaultName = keyof typeof ENTRA_FAULTS;

function shared<Name extends FaultName>(names: readonly Name[], flavours: readonly EntraFlavour[]) {
  const rows = names.map((name) => [name, { ...FAULTS[name], flavours }]);
  return Object.fromEntries(rows) as Record<Name, Fault<EntraFlavour>>;
}
