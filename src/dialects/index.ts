export { rewriteFilter, rewriteFilterText } from './filter.ts';
export { rewritePatch } from './patch.ts';
export { rewriteResource } from './resource.ts';
export { REWRITES } from './rewrites.ts';
