import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FAULTS, type FaultName, FLAVOURS, type FlavourName } from '../../src/idp/index.ts';
import { startServer, type TestServer } from '../harness/index.ts';
import { judge, SYMPTOMS } from './symptoms.ts';

// A judge must be judged: each wrong that a real server has done, planted in the replies of ours, is found, and for
// what it is.
let server: TestServer;
beforeEach(async () => {
  server = await startServer();
});
afterEach(() => server.close());

test.each(Object.keys(FLAVOURS) as FlavourName[])('a proxy without a fault is not noticed by %s', async (flavour) => {
  expect(await judge(server, flavour)).toEqual({ exitCode: 0, sentences: [] });
});

describe.each(Object.keys(FAULTS) as FaultName[])('%s', (fault) => {
  const flavours: readonly FlavourName[] = FAULTS[fault].flavours;
  // One that patches and the one that only puts: the other two send what these send.
  const judges = flavours.filter((flavour) => flavour === 'aiw' || flavour === flavours[0]);
  test.each(judges)('is found by %s, and for what it is', async (flavour) => {
    const { exitCode, sentences } = await judge(server, flavour, fault);
    expect(exitCode).toBe(1);
    expect(sentences.filter((sentence) => SYMPTOMS[fault].test(sentence))).not.toEqual([]);
  });
});
