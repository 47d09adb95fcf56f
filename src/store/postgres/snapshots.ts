import { createSnapshots as createSnapshotsOf, type Snapshots, type Stay, WAIT_MS } from '../snapshots.ts';
import type { PageMeans } from './page.ts';
import { type Moment, type Pool, row, type Session } from './pool.ts';
import { translated } from './postgres-error.ts';
import { PostgresSnapshot } from './reader.ts';

export interface SnapshotsOptions {
  /**
   * A pool of their own, of `MOST_OPEN` clients: a snapshot has its client for as long as a slow client reads, and whatever
   * it took from the pool of the requests would be missing there. It connects when the first one is taken, and lets go of
   * clients that are not used.
   */
  readonly pool: Pool;
  readonly means: Omit<PageMeans, 'read' | 'stay'>;
  /** How long one may be read. */
  readonly lifeMilliseconds: number;
  /** How long one may be waited for. */
  readonly waitMilliseconds?: number;
}

/** Each is a client of the database, which has a hundred for all processes unless it was told otherwise. */
export const MOST_OPEN = 16;
/** As many as an identity provider reads at a time, and few enough that one customer's slow readers leave room. */
const MOST_OF_ONE_DIRECTORY = 4;
/** How long one may be read, unless who opens the store says otherwise: for as long nothing that it sees is cleaned up. */
export const SNAPSHOT_MS = 60_000;

export function createSnapshots(options: SnapshotsOptions): Omit<Snapshots, 'hold'> {
  const { pool, means, lifeMilliseconds, waitMilliseconds = WAIT_MS } = options;
  return createSnapshotsOf<Moment>({
    open: (directory) => settled(pool, directory),
    giveBack: (moment) => moment.release(),
    snapshot({ directory, opened, stay }, release) {
      const reading = { session: whileIt(stay, opened.session), directory };
      const read: PageMeans['read'] = async (work) => {
        try {
          return await work(reading);
        } catch (error) {
          throw translated(error);
        }
      };
      return new PostgresSnapshot({ ...means, read, stay: true }, directory, release);
    },
    limits: { most: MOST_OPEN, mostOfOneDirectory: MOST_OF_ONE_DIRECTORY, lifeMilliseconds, waitMilliseconds },
  });
}

/** The transaction alone waits for its first statement before it settles on a moment. */
const SETTLE = "SELECT current_setting('joinery.directory') = $1";

async function settled(pool: Pool, directory: string): Promise<Moment> {
  const moment = await pool.moment(directory);
  try {
    const isOwn = (await row(moment.session, SETTLE, directory))?.[0];
    if (isOwn !== true) throw new Error('a client was not set to the directory that it is for');
    return moment;
  } catch (error) {
    moment.release(true);
    throw translated(error);
  }
}

/** Its end is looked for before each statement: afterwards the client is another's, of another directory. */
function whileIt(stay: Stay, session: Session): Session {
  const lasts = (): Session => {
    if (stay.over !== undefined) throw stay.over;
    return session;
  };
  return {
    rows: async (sql, ...values) => lasts().rows(sql, ...values),
    run: async (sql, ...values) => lasts().run(sql, ...values),
    once: async (sql, values) => lasts().once(sql, values),
    objects: async (sql, values) => lasts().objects(sql, values),
  };
}
