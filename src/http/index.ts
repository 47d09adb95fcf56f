export type { HttpLimits } from './limits.ts';
export * from './log.ts';
export * from './server.ts';
