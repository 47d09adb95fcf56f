/**
 * Where walks stand: `startIndex=1&count=100`, `startIndex=101` … is one walk, and its next page resumes after the last
 * record of the page before. So a record that is deleted meanwhile never makes the walk skip another, and no page pays
 * for the ones before it.
 */
export interface Walks {
  find(walk: Walk): Place | undefined;
  /**
   * The same, or the last place before it that is not far, by whole pages of the same size: where several servers answer
   * one walk in turn, each knows only some of its pages. Any other page is none of the walk's.
   */
  findNear(walk: Walk): NearPlace | undefined;
  keep(walk: Walk, place: Place): void;
}

export interface Walk {
  readonly directory: string;
  readonly type: string;
  readonly walker: string;
  readonly startIndex: number;
  /** How many records a page of it has. */
  readonly count: number;
}

/** The page that begins at `startIndex` holds what comes after `seq`. */
export interface Place {
  readonly seq: number;
  /** The total that the walk was told, and the moment (`PRAGMA data_version`; PostgreSQL has none) that it was counted at. */
  readonly total: number;
  readonly version: number;
}

export interface NearPlace extends Place {
  /** How many records stand between the place and the page. */
  readonly skipped: number;
}

/** Records: the pages that a few other servers answer between two of one's own. */
const NEAR = 5_000;
/** Of one walker, for each type: more than an identity provider has under way, so that nobody's walks push out another's. */
export const MOST_PLACES = 64;
const MOST_WALKERS = 1_000;
/** A client that comes back later than this begins anew: its place is counted. */
const FORGET_MS = 10 * 60_000;

interface Kept extends Place {
  readonly at: number;
  /** Of the pages that led to it. */
  readonly count: number;
}

export function createWalks(now: () => number): Walks {
  const walkers = new Map<string, Map<number, Kept>>();
  return {
    find(walk) {
      const place = walkers.get(key(walk))?.get(walk.startIndex);
      return place === undefined || now() - place.at > FORGET_MS ? undefined : place;
    },
    findNear(walk) {
      const latest = now() - FORGET_MS;
      let near: NearPlace | undefined;
      for (const [startIndex, place] of walkers.get(key(walk)) ?? []) {
        const skipped = walk.startIndex - startIndex;
        const isOfWalk = skipped === 0 || (place.count === walk.count && skipped % walk.count === 0);
        if (skipped < 0 || !isOfWalk || skipped >= (near?.skipped ?? NEAR) || place.at < latest) continue;
        near = { ...place, skipped };
      }
      return near;
    },
    keep(walk, place) {
      const name = key(walk);
      const places = walkers.get(name) ?? new Map();
      putLast(walkers, { key: name, value: places, most: MOST_WALKERS });
      putLast(places, { key: walk.startIndex, value: { ...place, at: now(), count: walk.count }, most: MOST_PLACES });
    },
  };
}

function key({ directory, type, walker }: Walk): string {
  return `${directory} ${type} ${walker}`;
}

/** The oldest gives way. */
function putLast<K, V>(map: Map<K, V>, { key, value, most }: { key: K; value: V; most: number }): void {
  map.delete(key);
  map.set(key, value);
  if (map.size <= most) return;
  for (const oldest of map.keys()) {
    map.delete(oldest);
    return;
  }
}
