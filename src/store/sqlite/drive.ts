import type { Filter, Target } from '../../scim/index.ts';
import { type Driver, type Driving as DrivingBy, driverOf } from '../driver.ts';
import type { Bindings } from './bindings.ts';

/** Where the rows `r` of a statement come from: an index, and what is asked of it. */
export interface Drive {
  readonly from: string;
  readonly condition: string;
}

/** `?1` is the directory, `?2` the type. */
export const OF_TYPE = 'r.directory = ?1 AND r.type = ?2';

export interface Driving extends DrivingBy {
  readonly bindings: Bindings;
}

export function driveOf(filter: Filter<Target>, { bindings, ...driving }: Driving): Drive | undefined {
  const driver = driverOf(filter, driving);
  return driver === undefined ? undefined : driveBy(driver, bindings);
}

function driveBy(driver: Driver, bindings: Bindings): Drive {
  switch (driver.kind) {
    case 'column':
      return {
        from: `resources r INDEXED BY ${INDEX[driver.column]}`,
        condition: `${OF_TYPE} AND r.${driver.column} = ${bindings.bind(driver.key)}`,
      };
    case 'key':
      return {
        from: 'keys k CROSS JOIN resources r INDEXED BY resources_id ON r.directory = k.directory AND r.id = k.subject',
        condition: `k.directory = ?1 AND k.type = ?2 AND k.attribute = ${bindings.bind(driver.name)} AND k.value = ${bindings.bind(driver.value)} AND r.type = ?2`,
      };
    case 'membership':
      return {
        from: `memberships d CROSS JOIN resources r INDEXED BY resources_id ON r.directory = d.directory AND r.id = d.${driver.wanted}`,
        condition: `d.directory = ?1 AND d.${driver.known} = ${bindings.bind(driver.id)} AND r.type = ?2`,
      };
    case 'inactive':
      return { from: 'resources r INDEXED BY resources_inactive', condition: `${OF_TYPE} AND r.active = 0` };
    case 'date':
      return {
        from: `resources r INDEXED BY resources_${driver.column}`,
        condition: `${OF_TYPE} AND r.${driver.column} ${driver.operator} ${bindings.bind(driver.key)}`,
      };
  }
}

const INDEX = {
  id: 'resources_id',
  external_id: 'resources_external_id',
  name_key: 'resources_name',
  display_key: 'resources_display',
} as const;
