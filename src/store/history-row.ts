import type { Change } from '../directory/index.ts';

export type { HistoryRow } from '../directory/index.ts';

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
      return {
        type: change.after.type.name,
        subject: change.after.id,
        before: change.after.unowned === true ? JSON.stringify({ owned: false }) : null,
        after: change.after.text,
      };
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
        before: removalText(change),
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

/** All that brings it back. Its text is JSON already. */
function removalText({ before, memberOf }: Extract<Change, { kind: 'removed' }>): string {
  const { text, version, created, unowned } = before;
  const rest = JSON.stringify({ memberOf, ...(unowned === true ? { owned: false } : {}), version, created });
  return `{"resource":${text},${rest.slice(1)}`;
}
