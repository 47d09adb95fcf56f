import type { Session } from './pool.ts';

/** What a look-up of one directory goes by. Every statement names the directory, whatever row-level security shows. */
export interface Reading {
  readonly session: Session;
  readonly directory: string;
}
