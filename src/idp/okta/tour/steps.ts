import type { makeGroups } from './cast.ts';
import { changing } from './change.ts';
import { cleaning } from './clean.ts';
import { connecting } from './connect.ts';
import { grouping } from './groups.ts';
import { importing } from './imports.ts';
import { joining } from './join.ts';
import { leaving } from './leave.ts';
import type { Step } from './tour.ts';

/** The whole tour, in order. */
export function stepsOf(groups: ReturnType<typeof makeGroups>, clean: boolean): readonly Step[] {
  const all = Object.values(groups);
  return [
    ...connecting,
    ...joining,
    ...changing,
    ...leaving,
    ...importing({ users: 'Import users', groups: 'Import groups' }, all),
    ...grouping(groups),
    ...importing({ users: 'Import all users once more', groups: 'Import all groups once more' }, all),
    ...(clean ? cleaning(groups) : []),
  ];
}
