export { ScimError } from '../scim/index.ts';
export * from './call.ts';
export { createCursors } from './cursor.ts';
export { BOUNDS, createGate, type GateBounds } from './gate.ts';
export { queryWithoutSecrets } from './query-without-secrets.ts';
export * from './rules.ts';
export { createServe } from './serve.ts';
export { withoutSecrets } from './without-secrets.ts';
