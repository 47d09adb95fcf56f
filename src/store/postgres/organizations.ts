import type { OrganizationStore } from '../../directory/index.ts';
import { openOrganizations as openSeldom, placeOf } from '../organizations.ts';
import { operatorTables } from './operator-tables.ts';
import { type Pool, row } from './pool.ts';

/** A credential that is not remembered leads here: the one of these that a request waits for. */
const DIRECTORY_BY_ID = `SELECT d.id, d.organization, d.application, d.created, o.id, o.slug, o.name, o.created
  FROM directories d JOIN organizations o ON o.id = d.organization WHERE d.id = $1`;

/** On the owner's pool. */
export function openOrganizations(owner: Pool): OrganizationStore {
  return {
    ...openSeldom(operatorTables({ owner })),
    async directoryById(id) {
      const found = await owner.use(undefined, (session) => row(session, DIRECTORY_BY_ID, id));
      return found === undefined ? undefined : placeOf(found);
    },
  };
}
