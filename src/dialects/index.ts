export { rewriteAttributeNames } from './attribute-names.ts';
export { rewriteFilter, rewriteFilterText } from './filter.ts';
export { NOT_REWRITTEN } from './not-rewritten.ts';
export { rewritePatch } from './patch.ts';
export { rewriteResource } from './resource.ts';
export { REWRITES } from './rewrites.ts';
