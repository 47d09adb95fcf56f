import type { Migration } from 'kysely/migration';

/** In the order in which they run: names sort by their dates. Loaded only when one has not run yet. */
export const MIGRATIONS: Readonly<Record<string, () => Promise<Migration>>> = {
  '2026-11-22-directories': async () => (await import('./2026-11-22-directories.ts')).directories,
  '2026-11-24-policies': async () => (await import('./2026-11-24-policies.ts')).policies,
  '2026-11-25-journal': async () => (await import('./2026-11-25-journal.ts')).journal,
};
