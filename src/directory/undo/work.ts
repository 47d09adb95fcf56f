import type { HistoryRow } from '../history.ts';
import type { Selected } from './select.ts';

/** A record that the selected changes are about. */
export interface Work {
  readonly type: string;
  readonly id: string;
  readonly rows: readonly HistoryRow[];
}

/**
 * In the order in which they are taken back: what came, goes, and frees its name and its seat; then attributes go back;
 * then what went, comes back. Groups go before their members and come after them. Within each the latest are first: who
 * took a name that another one had left gives it back before.
 */
export interface Works {
  readonly records: readonly (readonly Work[])[];
  /** Groups whose members were changed, and that were there before. */
  readonly groups: ReadonlyMap<string, Work>;
  /** What was not there before: nobody comes back to it. */
  readonly news: ReadonlySet<string>;
}

export function worksOf({ bySubject }: Pick<Selected, 'bySubject'>): Works {
  const came: Work[] = [];
  const altered: Work[] = [];
  const went: Work[] = [];
  const groups = new Map<string, Work>();
  const news = new Set<string>();
  for (const [id, rows] of bySubject) {
    const work = { type: rows[0]?.type ?? '', id, rows };
    const own = rows.filter(({ kind }) => kind !== 'members');
    const existed = own[0]?.kind !== 'created';
    const exists = own.findLast(({ kind }) => kind === 'created' || kind === 'removed')?.kind !== 'removed';
    if (!existed && exists) came.push(work);
    else if (existed && !exists) went.push(work);
    else if (existed && own.length > 0) altered.push(work);
    if (!existed) news.add(id);
    else if (own.length < rows.length) groups.set(id, work);
  }
  const isUser = ({ type }: Work): boolean => type === 'User';
  const isOther = (work: Work): boolean => !isUser(work);
  const records = [came.filter(isOther), came.filter(isUser), altered, went.filter(isUser), went.filter(isOther)];
  return { records: records.map((works) => works.sort(latestFirst)), groups, news };
}

function latestFirst(a: Work, b: Work): number {
  return (b.rows.at(-1)?.seq ?? 0) - (a.rows.at(-1)?.seq ?? 0);
}
