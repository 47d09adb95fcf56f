export { ScimError } from '../scim/index.ts';
export * from './call.ts';
export { createServe } from './serve.ts';
