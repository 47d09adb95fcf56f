export * from './okta/simulate.ts';
