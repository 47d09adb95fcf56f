export * from './actor.ts';
export * from './change.ts';
export * from './outcome.ts';
export * from './perform.ts';
export * from './ports.ts';
export * from './record.ts';
export * from './refusal.ts';
export * from './turn.ts';
