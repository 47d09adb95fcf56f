import type { ScimClient, ScimReply } from '../harness/index.ts';
import { GROUP, PATCH_OP, query, user } from './world.ts';

export const BULK = 'urn:ietf:params:scim:api:messages:2.0:BulkRequest';

export interface Operation {
  readonly method: string;
  readonly path: string;
  readonly bulkId?: string;
  readonly data?: object;
}

export const send = (client: ScimClient, Operations: readonly Operation[], more: object = {}): Promise<ScimReply> =>
  client.post('/Bulk', { schemas: [BULK], Operations, ...more });
export const statusesOf = ({ body }: ScimReply): string[] =>
  body.Operations.map(({ status }: { status: string }) => status);
export const makeUser = (bulkId: string, attributes: object = {}): Operation => ({
  method: 'POST',
  path: '/Users',
  bulkId,
  data: user(bulkId, attributes),
});
export const makeGroup = (bulkId: string, members: readonly string[] = []): Operation => ({
  method: 'POST',
  path: '/Groups',
  bulkId,
  data: { schemas: [GROUP], displayName: bulkId, members: members.map((value) => ({ value })) },
});
export const change = (path: string, ...Operations: readonly object[]): Operation => ({
  method: 'PATCH',
  path,
  data: { schemas: [PATCH_OP], Operations },
});

/** What one table says and another does not. */
export function contradictionsOf(database: string): unknown[] {
  return query(
    database,
    `SELECT 'membership of nobody' AS what, m.group_id AS id FROM memberships m
       WHERE NOT EXISTS (SELECT 1 FROM resources r WHERE r.directory = m.directory AND r.id = m.group_id)
          OR NOT EXISTS (SELECT 1 FROM resources r WHERE r.directory = m.directory AND r.id = m.member_id)
     UNION ALL SELECT 'bulkId', r.id FROM resources r WHERE r.text LIKE '%bulkId%'
     UNION ALL SELECT 'total of ' || t.type, t.directory FROM totals t
       WHERE t.total <> (SELECT count(*) FROM resources r WHERE r.directory = t.directory AND r.type = t.type)`,
  );
}
