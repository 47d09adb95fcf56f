import type { Failure } from '../change.ts';

/** What was refused of a subject, with its latest words. */
export interface FailureRow extends Omit<Failure, 'at' | 'count'> {
  readonly first: string;
  readonly last: string;
  readonly times: number;
}

/** The row before the first of a page: rows come in the order of type and subject. */
export type FailurePlace = Pick<FailureRow, 'type' | 'subject'>;

/** What the failure list needs remembered. */
export interface FailureStore {
  /** In order of type and subject, after a place. A row that comes or goes meanwhile makes no other one be left out. */
  failurePage(
    directory: string,
    asked: { readonly after: FailurePlace | undefined; readonly limit: number },
  ): Promise<readonly FailureRow[]>;
}

const PAGE = 500;

/** All rows of a directory, in pages: as many as there are are never held at once. */
export async function* failurePages(store: FailureStore, directory: string): AsyncGenerator<readonly FailureRow[]> {
  for (let after: FailurePlace | undefined; ; ) {
    const page = await store.failurePage(directory, { after, limit: PAGE });
    if (page.length > 0) yield page;
    if (page.length < PAGE) return;
    after = page.at(-1);
  }
}
