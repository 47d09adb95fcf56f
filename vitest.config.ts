import { defineConfig } from 'vitest/config';

export default defineConfig({
  // As `loadApplications` has it outside of tests.
  resolve: { alias: { joinery: new URL('src/index.ts', import.meta.url).pathname } },
  test: {
    include: ['tests/**/*.test.ts'],
    // A PostgreSQL that all files share; each makes databases of its own in it.
    globalSetup: ['tests/harness/cluster.ts'],
    // How long is no matter of a test: only what hangs is to end.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 20_000 } },
    // Two cores: tests start real servers, so more workers only make them wait for each other.
    maxWorkers: 2,
    // Of the cases in tests/rfc, which wait for the disk together.
    maxConcurrency: 16,
  },
});
