export * from './config/applications.ts';
export * from './config/base.ts';
export * from './config/error.ts';
export * from './config/settings.ts';
