export { ScimError } from '../scim/index.ts';
export * from './call.ts';
export { createServe, type ServeParts } from './serve.ts';
