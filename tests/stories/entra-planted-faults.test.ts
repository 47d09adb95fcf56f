import { afterAll, beforeAll, expect, test } from 'vitest';
import { ENTRA_FAULTS, ENTRA_FLAVOURS, type EntraFaultName, type EntraFlavour } from '../../src/idp/index.ts';
import { startServer, type TestServer } from '../harness/index.ts';
import { ENTRA_SYMPTOMS, judgeAsEntra } from './entra-symptoms.ts';

// A judge must be judged: each wrong that a real server has done to Entra, planted in the replies of ours, is found, and
// for what it is.
let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

test.each(ENTRA_FLAVOURS)('a proxy without a fault is not noticed by %s', async (flavour) => {
  expect(await judgeAsEntra(server, flavour)).toEqual({ exitCode: 0, sentences: [] });
});

// What both flavours run into is judged by one of them, in turns: there they send the same.
const faults = Object.keys(ENTRA_FAULTS) as EntraFaultName[];
const cases = faults.map((fault, at): [EntraFaultName, EntraFlavour] => {
  const { flavours } = ENTRA_FAULTS[fault];
  return [fault, flavours[at % flavours.length] ?? 'classic'];
});

test.each(cases)('%s is found by %s, and for what it is', async (fault, flavour) => {
  const { exitCode, sentences } = await judgeAsEntra(server, flavour, fault);
  expect(exitCode).toBe(1);
  const { sentence } = ENTRA_SYMPTOMS[fault];
  expect(sentences.slice(0, 20)).toContainEqual(expect.stringMatching(sentence));
});
