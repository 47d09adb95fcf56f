/**
 * Where walks stand: `startIndex=1&count=100`, `startIndex=101` … is one walk, and its next page resumes after the last
 * record of the page before. So a record that is deleted meanwhile never makes the walk skip another, and no page pays
 * for the ones before it.
 */
export interface Walks {
  find(walk: Walk): Place | undefined;
  keep(walk: Walk, place: Place): void;
}

export interface Walk {
  readonly directory: string;
  readonly type: string;
  readonly walker: string;
  readonly startIndex: number;
}

/** The page that begins at `startIndex` holds what comes after `seq`. */
export interface Place {
  readonly seq: number;
  /** The total that the walk was told, and the moment (`PRAGMA data_version`; PostgreSQL has none) that it was counted at. */
  readonly total: number;
  readonly version: number;
}

const MOST = 10_000;
/** A client that comes back later than this begins anew: its place is counted. */
const FORGET_MS = 10 * 60_000;

export function createWalks(now: () => number): Walks {
  const places = new Map<string, Place & { readonly at: number }>();
  return {
    find(walk) {
      const place = places.get(key(walk));
      return place === undefined || now() - place.at > FORGET_MS ? undefined : place;
    },
    keep(walk, place) {
      const name = key(walk);
      places.delete(name);
      for (const oldest of places.keys()) {
        if (places.size < MOST) break;
        places.delete(oldest);
      }
      places.set(name, { ...place, at: now() });
    },
  };
}

function key({ directory, type, walker, startIndex }: Walk): string {
  return `${startIndex} ${directory} ${type} ${walker}`;
}
