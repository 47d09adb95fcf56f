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
import type { Stay } from '../snapshots.ts';
import { fewGroupsOf, groupsAfter } from './groups.ts';
import { membersAfter, recordById } from './lookup.ts';
import { type PageMeans, page } from './page.ts';
import { translated } from './sqlite-error.ts';

/** Reads one directory on one connection. */
export class SqliteReader implements Reader {
  protected readonly means: PageMeans;
  protected readonly directory: string;

  constructor(means: PageMeans, directory: string) {
    this.means = means;
    this.directory = directory;
  }

  async record(type: string, id: string): Promise<StoredRecord | undefined> {
    return this.read(() => recordById(this.means.connection, this.directory, { type, id }));
  }

  async page(selections: readonly Selection[], query: Query, context: PageContext): Promise<Page> {
    return this.read(() => page(this.means, { directory: this.directory, selections, query, context }));
  }

  async fewGroupsOf(ids: readonly string[]): Promise<ReadonlyMap<string, readonly GroupReference[]> | undefined> {
    return this.read(() => fewGroupsOf(this.means.connection, this.directory, ids));
  }

  async groups(member: string, after: string | undefined, limit: number): Promise<readonly GroupReference[]> {
    return this.read(() => groupsAfter(this.means.connection, this.directory, { member, after, limit }));
  }

  async members(group: string, after: string | undefined, limit: number): Promise<readonly Member[]> {
    return this.read(() => membersAfter(this.means.connection, this.directory, { group, after, limit }));
  }

  /** What SQLite says, in the port's words. */
  protected read<T>(read: () => T): T {
    try {
      this.means.moment?.begin();
      return read();
    } catch (error) {
      throw translated(error);
    }
  }
}

/** A reader on the moment at which its connection's transaction began. */
export class SqliteSnapshot extends SqliteReader implements Snapshot {
  readonly #giveBack: () => void;

  constructor(means: PageMeans & { readonly stay: Stay }, directory: string, giveBack: () => void) {
    super(means, directory);
    this.#giveBack = giveBack;
  }

  release(): void {
    this.#giveBack();
  }

  protected override read<T>(read: () => T): T {
    const over = this.means.stay?.over;
    if (over !== undefined) throw over;
    return super.read(read);
  }
}
