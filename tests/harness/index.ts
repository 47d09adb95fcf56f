export * from './database.ts';
export * from './postgres.ts';
export * from './process.ts';
export * from './raw.ts';
export * from './scim.ts';
export * from './server.ts';
