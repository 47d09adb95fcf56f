/** A row of `changes`, in order of `seq` within its directory. */
export interface ChangeRow {
  readonly change_set: number | string;
  readonly kind: 'created' | 'updated' | 'removed' | 'members';
  readonly subject: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** What the tables say, of all directories. */
export interface Tables {
  readonly changes: Iterable<ChangeRow>;
  readonly memberships: Iterable<{ readonly group_id: string; readonly member_id: string }>;
  readonly records: Iterable<{ readonly id: string; readonly version: number; readonly title: string | null }>;
}

interface Told {
  /** How many change sets touched it: its version. */
  sets: number;
  lastSet: number | string;
  removed: boolean;
  title: string | undefined;
  readonly members: Set<string>;
}

/** History, replayed from its first row, must end at the rows that are there. */
export function historyFaults({ changes, memberships: all, records }: Tables): string[] {
  const told = new Map<string, Told>();
  for (const row of changes) replay(told, row);
  const faults: string[] = [];
  const memberships = new Map<string, string[]>();
  for (const { group_id, member_id } of all) {
    const known = memberships.get(group_id);
    if (known === undefined) memberships.set(group_id, [member_id]);
    else known.push(member_id);
  }
  for (const row of records) {
    const { id } = row;
    const history = told.get(id);
    told.delete(id);
    if (history === undefined || history.removed) {
      faults.push(`${id} is there, and history ${history === undefined ? 'has not created' : 'has removed'} it`);
      continue;
    }
    if (history.sets !== row.version) faults.push(`${id} has version ${row.version} and ${history.sets} change sets`);
    if (history.title !== (row.title ?? undefined))
      faults.push(`${id} has the title ${row.title}, history ${history.title}`);
    const members = memberships.get(id) ?? [];
    if (members.length !== history.members.size || !members.every((member) => history.members.has(member))) {
      faults.push(`${id} has ${members.length} memberships, and ${history.members.size} by its history`);
    }
  }
  for (const [id, { removed }] of told) if (!removed) faults.push(`${id} is gone, and history has not removed it`);
  return faults;
}

function replay(told: Map<string, Told>, { change_set, kind, subject, before, after }: ChangeRow): void {
  const known = told.get(subject) ?? { sets: 0, lastSet: 0, removed: false, title: undefined, members: new Set() };
  told.set(subject, known);
  if (known.lastSet !== change_set) known.sets += 1;
  known.lastSet = change_set;
  if (kind === 'removed') known.removed = true;
  if (kind === 'members') {
    for (const id of JSON.parse(before ?? '[]') as string[]) known.members.delete(id);
    for (const id of JSON.parse(after ?? '[]') as string[]) known.members.add(id);
  }
  if (kind === 'created' || kind === 'updated') {
    const { title } = JSON.parse(after ?? '{}') as { title?: string | null };
    if (title !== undefined) known.title = title ?? undefined;
  }
}
