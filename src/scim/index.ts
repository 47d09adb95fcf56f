export * from './error.ts';
export * from './filter/tree.ts';
export * from './request.ts';
export * from './schema/attribute.ts';
export * from './target.ts';
export * from './value.ts';
