import { expect } from 'vitest';
import type { ScimReply } from '../harness/index.ts';
import { isAlive, isScimError, rowsOf, type World } from './world.ts';

export const RACERS = 32;
/** That many at once. */
export const race = <T>(run: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: RACERS }, (_, index) => run(index)));

/** How many replies had which status; what is refused is a SCIM error, and nothing is a 5xx. */
export function statuses(replies: readonly ScimReply[]): Record<number, number> {
  const counted: Record<number, number> = {};
  for (const reply of replies) {
    if (reply.status >= 400) isScimError(reply);
    counted[reply.status] = (counted[reply.status] ?? 0) + 1;
  }
  return counted;
}

/** After every race: no dangling membership, counts that count, history without gaps, and a server that answers. */
export async function isSettled({ server, acme }: World): Promise<void> {
  await server.numbered();
  for (const sql of NONE) expect(await server.rows(sql), sql).toEqual([]);
  const { changes = [] } = await rowsOf(server, acme.directory);
  const sequence = changes.map((row) => (JSON.parse(row) as { seq: number }).seq).sort((a, b) => a - b);
  expect(sequence).toEqual(sequence.map((_, index) => index + 1));
  return isAlive(acme);
}

const NONE = [
  `SELECT m.* FROM memberships m
   LEFT JOIN resources g ON g.directory = m.directory AND g.id = m.group_id
   LEFT JOIN resources u ON u.directory = m.directory AND u.id = m.member_id
   WHERE g.id IS NULL OR u.id IS NULL`,
  `SELECT r.id FROM resources r WHERE r.member_count <>
   (SELECT count(*) FROM memberships m WHERE m.directory = r.directory AND m.group_id = r.id)`,
  `SELECT t.* FROM totals t WHERE t.total <>
   (SELECT count(*) FROM resources r WHERE r.directory = t.directory AND r.type = t.type)`,
];
