#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
import { tmpdir } from 'node:os';
import type { Stop } from './cli/index.ts';
import { compileCacheIn } from './compile-cache.ts';

// The process's arguments may hold a token (`simulate okta --token …`): this is what `ps` shows instead of them.
process.title = 'joinery';
const cache = compileCacheIn(tmpdir());
if (cache !== undefined) enableCompileCache(cache);

// `joinery token list | head`: nobody reads on, and that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

const asked = new AbortController();
const stop: Stop = { asked: asked.signal, pause: undefined };
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (!asked.signal.aborted) asked.abort();
    else if (stop.pause !== undefined) stop.pause.abort();
    // Asked again where nothing pauses, it does not finish what began.
    else process.exit(130);
  });
}

// After the compile cache is on, so that it serves everything that is imported from here.
const { run } = await import('./cli/index.ts');
process.exitCode = await run(process.argv.slice(2), stop);
