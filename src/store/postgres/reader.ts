import type {
  GroupReference,
  Member,
  Page,
  PageContext,
  Reader,
  Snapshot,
  StoredRecord,
} from '../../directory/index.ts';
import type { Query, Selection } from '../../scim/index.ts';
import { fewGroupsOf } from './groups.ts';
import { type PageMeans, page, recordIn } from './page.ts';
import { groupsAfter, membersAfter } from './pieces.ts';

/**
 * Reads one directory, by way of `means.read`: on any client of the pool, on the client of a transaction, or on that of a
 * moment.
 */
export class PostgresReader implements Reader {
  protected readonly means: PageMeans;
  protected readonly directory: string;

  constructor(means: PageMeans, directory: string) {
    this.means = means;
    this.directory = directory;
  }

  record(type: string, id: string): Promise<StoredRecord | undefined> {
    return recordIn(this.means, this.directory, { by: 'id', type, value: id });
  }

  page(selections: readonly Selection[], query: Query, context: PageContext): Promise<Page> {
    return page(this.means, { directory: this.directory, selections, query, context });
  }

  fewGroupsOf(ids: readonly string[]): Promise<ReadonlyMap<string, readonly GroupReference[]> | undefined> {
    return this.means.read((reading) => fewGroupsOf(reading, ids));
  }

  groups(member: string, after: string | undefined, limit: number): Promise<readonly GroupReference[]> {
    return this.means.read((reading) => groupsAfter(reading, { member, after, limit }));
  }

  members(group: string, after: string | undefined, limit: number): Promise<readonly Member[]> {
    return this.means.read((reading) => membersAfter(reading, { group, after, limit }));
  }
}

/** A reader on the moment at which its client's transaction began. */
export class PostgresSnapshot extends PostgresReader implements Snapshot {
  readonly #giveBack: () => void;

  constructor(means: PageMeans, directory: string, giveBack: () => void) {
    super(means, directory);
    this.#giveBack = giveBack;
  }

  release(): void {
    this.#giveBack();
  }
}
