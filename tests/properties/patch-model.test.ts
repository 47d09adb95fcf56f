import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DATABASES, scim, startServer, type TestServer } from '../harness/index.ts';
import { Play } from './play.ts';
import { fromEnvironment, sequences } from './steps.ts';

describe.each(DATABASES)('on %s', (database) => {
  let server: TestServer;
  let directories = 0;

  beforeAll(async () => {
    server = await startServer({ database });
  });

  afterAll(() => server.close());

  test('random POST, PUT, PATCH and DELETE through HTTP leave what a plain model has', async () => {
    await fc.assert(
      fc.asyncProperty(sequences, async (steps) => {
        const play = new Play(scim(await server.mint('model', { organization: `model-${++directories}` })));
        const modified = new Map<string, string>();
        for (const step of steps) {
          const { reply, alterations } = await play.step(step);
          // Replies without a body do not tell when they changed whom.
          for (const { subject } of alterations) if (subject !== reply.body?.id) modified.delete(subject);
          const { id, meta } = reply.body ?? {};
          if (meta === undefined) continue;
          const before = modified.get(id);
          if (alterations.length === 0) expect(meta.lastModified).toBe(before ?? meta.lastModified);
          else expect(meta.lastModified >= (before ?? meta.created)).toBe(true);
          modified.set(id, meta.lastModified);
        }
        await play.compare();
      }),
      { numRuns: 60, ...fromEnvironment() },
    );
  }, 120_000);
});
