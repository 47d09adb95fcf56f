import { type Connection, row } from './connection.ts';

/** A number that another one takes the place of when credentials, or what they lead to, may have been altered. */
export interface Epoch {
  now(): number;
  /** This process has altered something. */
  move(): void;
}

/** `writes`: the writing connection, which every other process's commits are news to, and its own are not. */
export function createEpoch(writes: Connection): Epoch {
  let ownWrites = 0;
  let others: number | undefined;
  return {
    now() {
      // Asked once a turn, as a moment is: what another process revokes ends with the next one.
      if (others === undefined) {
        others = row(writes, 'PRAGMA data_version')?.[0] as number;
        setImmediate(() => {
          others = undefined;
        });
      }
      return others * 2 ** 20 + ownWrites;
    },
    move() {
      ownWrites += 1;
    },
  };
}
