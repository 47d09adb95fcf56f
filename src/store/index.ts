export type { StoreEvent } from './event.ts';
export type { FailureRow } from './failures.ts';
export type { Health } from './health.ts';
export type { HistoryRow } from './history.ts';
export { openStore, type Store, type StoreOptions } from './open.ts';
