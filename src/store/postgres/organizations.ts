import type { OrganizationStore } from '../../directory/index.ts';
import { openOrganizations as openSeldom, PLACE_COLUMNS, placeOf } from '../organizations.ts';
import type { OwnTables } from './operator-tables.ts';
import { type Pool, row } from './pool.ts';

/** A credential that is not remembered leads here: the one of these that a request waits for. */
const DIRECTORY_BY_ID = `SELECT ${PLACE_COLUMNS}
  FROM directories d JOIN organizations o ON o.id = d.organization WHERE d.id = $1`;

/** On the owner's pool. */
export function openOrganizations(owner: Pool, tables: OwnTables): OrganizationStore {
  return {
    ...openSeldom(tables),
    async directoryById(id) {
      const found = await owner.use(undefined, (session) => row(session, DIRECTORY_BY_ID, id));
      return found === undefined ? undefined : placeOf(found);
    },
  };
}
