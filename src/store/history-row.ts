import type { Change } from '../directory/index.ts';

/** A row of history. `set` and `cause` are the seq of other rows of the same set. */
export interface HistoryRow {
  /** 1, 2, 3 … within the directory, without gaps. */
  readonly seq: number;
  readonly set: number;
  readonly cause: number | undefined;
  readonly at: string;
  readonly by: { readonly kind: string; readonly id: string; readonly name: string };
  readonly requestId: string;
  readonly kind: Change['kind'];
  readonly type: string;
  readonly subject: string;
  /** JSON: updated, what differed; removed, `{resource, memberOf}`; members, the ids taken out. */
  readonly before: string | undefined;
  /** JSON: created, the resource; updated, what differs; members, the ids put in. */
  readonly after: string | undefined;
}

/** What of a change its row of history holds. */
export interface Told {
  readonly type: string;
  readonly subject: string;
  readonly before: string | null;
  readonly after: string | null;
}

export function told(change: Change): Told {
  switch (change.kind) {
    case 'created':
      return { type: change.after.type.name, subject: change.after.id, before: null, after: change.after.text };
    case 'updated':
      return {
        type: change.after.type.name,
        subject: change.after.id,
        before: JSON.stringify(change.difference.before),
        after: JSON.stringify(change.difference.after),
      };
    case 'removed':
      return {
        type: change.before.type,
        subject: change.before.id,
        before: `{"resource":${change.before.text},"memberOf":${JSON.stringify(change.memberOf)}}`,
        after: null,
      };
    case 'owner':
      return {
        type: change.record.type,
        subject: change.record.id,
        before: JSON.stringify({ owned: !change.owned }),
        after: JSON.stringify({ owned: change.owned }),
      };
    case 'password':
      return { type: change.record.type, subject: change.record.id, before: null, after: null };
    case 'members':
      return {
        type: change.group.type,
        subject: change.group.id,
        before: change.removed.length === 0 ? null : JSON.stringify(change.removed),
        after: change.added.length === 0 ? null : JSON.stringify(change.added.map(({ value }) => value)),
      };
  }
}
