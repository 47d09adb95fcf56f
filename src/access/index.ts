export * from './credentials.ts';
export * from './identify.ts';
export * from './organizations.ts';
export * from './ports.ts';
