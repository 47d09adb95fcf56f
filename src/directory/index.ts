export * from './change.ts';
export * from './ports.ts';
export * from './record.ts';
