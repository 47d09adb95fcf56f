export { rewriteAttributeNames } from './attribute-names.ts';
export { rewriteFilter, rewriteFilterText } from './filter.ts';
export { rewriteList } from './lists.ts';
export { NOT_REWRITTEN } from './not-rewritten.ts';
export { rewritePatch, rewritePatchInSteps } from './patch.ts';
export { rewriteResource } from './resource.ts';
export { REWRITES } from './rewrites.ts';
