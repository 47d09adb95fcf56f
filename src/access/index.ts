export * from './credentials.ts';
export * from './identify.ts';
export * from './organizations.ts';
export * from './place.ts';
export * from './ports.ts';
