import { afterAll, beforeAll, expect, test } from 'vitest';
import { keptCalls, withIds } from './calls/corpus.ts';
import { wrongWith } from './calls/judge.ts';
import { openPlace, type Place } from './calls/place.ts';
import { runCalls } from './calls/run.ts';

let place: Place;
beforeAll(async () => {
  place = await openPlace();
});
afterAll(() => place.close());

test('random requests are answered, never with a 5xx: filters, paths, patches, bodies, cursors, bulks', async () => {
  const { found, statuses } = await runCalls({ cases: 1_000, seed: Number(process.env.FUZZ_SEED ?? 1) });
  expect(found).toEqual([]);
  for (const status of [200, 201, 204, 304, 400, 409, 412]) expect(statuses.get(status)).toBeGreaterThan(0);
});

test.each(keptCalls())('kept: $name', async ({ asked }) => {
  expect(wrongWith(await place.ask(withIds(asked, place)))).toBeUndefined();
});

test.each([
  [
    'a failure of the server',
    500,
    '{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"500","detail":"x"}',
  ],
  ['no JSON', 200, '{"schemas":['],
  ['nothing where something is due', 200, ''],
  ['an error without a sentence', 400, '{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"400"}'],
  [
    'an error that says another status',
    400,
    '{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"404","detail":"x"}',
  ],
])('%s would be found', (_, status, text) => {
  expect(wrongWith({ status, text, headers: {}, logged: undefined, turn: 0 })).toBeTypeOf('string');
});
