import type { Migration } from 'kysely/migration';

/** In the order in which they run: names sort by their dates. Loaded only when one has not run yet. */
export const MIGRATIONS: Readonly<Record<string, () => Promise<Migration>>> = {
  '2026-11-21-directories': async () => (await import('./2026-11-21-directories.ts')).directories,
  '2026-11-22-failures': async () => (await import('./2026-11-22-failures.ts')).failures,
  '2026-11-22-secrets': async () => (await import('./2026-11-22-secrets.ts')).secrets,
  '2026-11-23-fills': async () => (await import('./2026-11-23-fills.ts')).fills,
  '2026-11-24-policies': async () => (await import('./2026-11-24-policies.ts')).policies,
};
