export type { StoreEvent } from './event.ts';
export type { FailureRow } from './failures.ts';
export type { HistoryRow } from './history.ts';
export { type Health, openStore, type Store, type StoreOptions } from './open.ts';
