import type { Filter, Target } from '../../scim/index.ts';
import { type Driver, type Driving as DrivingBy, driverOf } from '../driver.ts';
import { atOf } from './at.ts';
import type { Bindings } from './bindings.ts';

/** Where the rows of a statement come from: an index, and what is asked of it. */
export interface Drive {
  /** A query of their ids. */
  readonly ids: string;
  /** What follows FROM where all of them are looked at: rows `r` of `resources`, and of these some. */
  readonly rows: string;
}

export interface Driving extends DrivingBy {
  /** The first is the directory. */
  readonly bindings: Bindings;
  /** The placeholder of the type's name. */
  readonly typeName: string;
}

export function driveOf(filter: Filter<Target>, { bindings, typeName, ...driving }: Driving): Drive | undefined {
  const driver = driverOf(filter, driving);
  return driver === undefined ? undefined : driveBy(driver, typeName, bindings);
}

function driveBy(driver: Driver, typeName: string, bindings: Bindings): Drive {
  switch (driver.kind) {
    case 'column': {
      const value = bindings.bind(driver.key);
      if (driver.column === 'id') return byIds(`SELECT ${value}::text AS id`, typeName);
      const asked = `r.${driver.column}_at = ${atOf(value)} AND r.${driver.column} = ${value}::text`;
      return byColumns(asked, { typeName, order: ORDER[driver.column] });
    }
    case 'key': {
      const value = bindings.bind(driver.value);
      const name = bindings.bind(driver.name);
      return byIds(
        `SELECT k.subject AS id FROM keys k WHERE k.directory = $1 AND k.type = ${typeName} AND k.attribute = ${name}
          AND k.value_at = ${atOf(value)} AND k.value = ${value}::text`,
        typeName,
      );
    }
    case 'membership': {
      const { known, wanted, id } = driver;
      const ids = `SELECT m.${wanted} AS id FROM memberships m WHERE m.directory = $1 AND m.${known} = ${bindings.bind(id)}`;
      return byIds(ids, typeName);
    }
    case 'inactive':
      return byColumns('NOT r.active', { typeName, order: 'r.seq' });
    case 'date': {
      const { column, operator, key } = driver;
      return byColumns(`r.${column} ${operator} ${bindings.bind(key)}`, { typeName, order: `r.${column}, r.seq` });
    }
  }
}

/** That of the index: of those that seem to serve alike in a young table, PostgreSQL takes the one that has the order too. */
const ORDER = {
  external_id: 'r.external_id_at',
  name_key: 'r.name_key_at, r.twin',
  display_key: 'r.display_key_at, r.seq',
};

/** OFFSET 0: what else is asked of the rows has no say in how they are found. */
function byColumns(asked: string, { typeName, order }: { readonly typeName: string; readonly order: string }): Drive {
  const rows = `FROM resources r WHERE r.directory = $1 AND r.type = ${typeName} AND ${asked} ORDER BY ${order}`;
  return { ids: `SELECT r.id ${rows}`, rows: `(SELECT * ${rows} OFFSET 0) r WHERE TRUE` };
}

function byIds(ids: string, typeName: string): Drive {
  return { ids, rows: rowsOf(`(${ids} OFFSET 0)`, typeName) };
}

/**
 * The rows `r` that have the ids: one look each in the index of ids. Only afterwards the type is asked for: in a young
 * table an index that begins with it would seem to serve as well.
 */
export function rowsOf(ids: string, typeName: string): string {
  return `${ids} d CROSS JOIN LATERAL
    (SELECT * FROM resources r WHERE r.directory = $1 AND r.id = d.id OFFSET 0) r WHERE r.type = ${typeName}`;
}
