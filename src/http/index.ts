export * from './log.ts';
export * from './server.ts';
