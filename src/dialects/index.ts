export { rewriteFilter, rewriteFilterText } from './filter.ts';
export { rewritePatch } from './patch.ts';
export { type RewrittenBody, rewriteResource } from './resource.ts';
export type { Rewrite } from './rewrite.ts';
export { REWRITES } from './rewrites.ts';
