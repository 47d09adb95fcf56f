import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { scim, startServer, type TestServer } from '../harness/index.ts';
import { Play } from './play.ts';
import { fromEnvironment, sequences } from './steps.ts';

let server: TestServer;
let directories = 0;

beforeAll(async () => {
  server = await startServer();
});

afterAll(() => server.close());

test('random POST, PUT, PATCH and DELETE through HTTP leave what a plain model has', async () => {
  await fc.assert(
    fc.asyncProperty(sequences, async (steps) => {
      const play = new Play(scim(await server.mint('model', { organization: `model-${++directories}` })));
      let latest = '';
      for (const step of steps) {
        const { reply, alterations } = await play.step(step);
        // What is refused, or says what is already so, moves nothing; what alters, never turns time back.
        const modified = reply.body?.meta?.lastModified;
        if (modified === undefined) continue;
        expect(modified >= reply.body.meta.created).toBe(true);
        if (alterations.length > 0) {
          expect(modified >= latest).toBe(true);
          latest = modified;
        } else expect(modified <= latest).toBe(true);
      }
      await play.compare();
    }),
    { numRuns: 60, ...fromEnvironment() },
  );
}, 120_000);
