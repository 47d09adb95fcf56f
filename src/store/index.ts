export type { FailureRow } from '../directory/index.ts';
export { backUp, restore } from './backup.ts';
export type { StoreEvent } from './event.ts';
export type { HistoryRow } from './history-row.ts';
export { openStore } from './open.ts';
export { prepareDatabase } from './prepare-database.ts';
export type { Health, Store, StoreOptions } from './store.ts';
