import { asArray, asText, type Json, member, sameJson } from '../json.ts';
import { expect, type Tour } from '../tour.ts';

/** A walk through all pages of one endpoint. */
export interface Walk {
  /** What sentences call it: `Import from /Users`. */
  readonly name: string;
  readonly endpoint: '/Users' | '/Groups';
  readonly seen: number;
  /** What the last page said there was. */
  readonly total: number;
  /** This run's records by id, in the list's order. */
  readonly ours: ReadonlyMap<string, Json>;
}

export interface Gathering {
  readonly take: (id: string, resource: Json) => void;
  readonly ours: ReadonlyMap<string, Json>;
  readonly seen: () => number;
}

/** Takes the records of a walk one by one, and tells of any that comes twice. */
export function gather(tour: Tour, endpoint: Walk['endpoint'], walk: string): Gathering {
  const ids = new Set<string>();
  const ours = new Map<string, Json>();
  let seen = 0;
  const take = (id: string, resource: Json): void => {
    seen++;
    if (ids.has(id)) tour.ledger.remark(`${endpoint}/${id}`, walk, { expected: 'one record', found: 'two' });
    ids.add(id);
    const name = asText(member(resource, nameAttribute(endpoint))) ?? '';
    if (name.includes(tour.run)) ours.set(id, resource);
  };
  return { take, ours, seen: () => seen };
}

interface Expected {
  readonly known: ReadonlySet<string | undefined>;
  readonly before: number | undefined;
}

/** Records too many or missing: in this run's own, in the list as a whole, and against what was there before. */
export async function compareTotals(tour: Tour, walk: Walk, { known, before }: Expected): Promise<void> {
  const { name: who, endpoint, ours, seen, total } = walk;
  for (const [id, resource] of ours) {
    if (known.has(id)) continue;
    const found = JSON.stringify(member(resource, nameAttribute(endpoint)));
    tour.ledger.remark(`${endpoint}/${id}`, 'this record', { expected: 'unknown to the app', found });
  }
  expect(tour, [who, 'the number of records'], { expected: total, found: seen });
  if (before !== undefined) expect(tour, [who, 'totalResults'], { expected: before + known.size, found: total });
  // However short the page, the total is the whole (idp-clients §1.5).
  const stated = await tour.reader.total(endpoint);
  expect(tour, [`A page of one from ${endpoint}`, 'totalResults'], { expected: total, found: stated });
  compareOrder(tour, walk);
}

/** Two walks give the records they share in the same order (idp-clients §1.5: "stable across pages"). */
function compareOrder(tour: Tour, { name, endpoint, ours }: Walk): void {
  const earlier = new Set(tour.order.get(endpoint));
  const now = [...ours.keys()].filter((id) => earlier.has(id));
  const then = [...earlier].filter((id) => ours.has(id));
  tour.order.set(endpoint, [...ours.keys()]);
  if (now.join() === then.join()) return;
  tour.ledger.remark(name, 'the order', { expected: 'that of the import before', found: 'another' });
}

export interface Membership {
  readonly who: string;
  /** The account's id. */
  readonly id: string;
  /** The names of the groups that list it. */
  readonly groups: readonly string[];
}

/** `groups` of a user is the other side of `members`: if the server tells it at all, it tells it right (RFC 7643 §4.1.2). */
export function compareGroupsOfUsers(
  tour: Tour,
  { ours }: Walk,
  { memberships, names }: { memberships: readonly Membership[]; names: ReadonlyMap<string | undefined, string> },
): void {
  const told = [...ours.values()].some((resource) => (asArray(member(resource, 'groups')) ?? []).length > 0);
  if (!told) return;
  const nameOfRow = (row: Json): string => {
    const id = asText(member(row, 'value'));
    return names.get(id) ?? id ?? '';
  };
  for (const { who, id, groups } of memberships) {
    const rows = asArray(member(ours.get(id), 'groups')) ?? [];
    const sides = { expected: groups.toSorted(), found: rows.map(nameOfRow).sort() };
    if (!sameJson(sides.expected, sides.found)) tour.ledger.differ(who, 'groups', sides);
  }
}

function nameAttribute(endpoint: Walk['endpoint']): string {
  return endpoint === '/Users' ? 'userName' : 'displayName';
}
