import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type PatientProxy, startPatientProxy } from './patient-proxy.ts';
import { createWitness } from './witness.ts';

/** Made, and its answer lost: what a kill leaves behind. The users that it has are those that it was sent. */
const users = new Map<string, object>();
const lost = new Set<string>();
const upstream = createServer(async (request, response) => {
  let text = '';
  for await (const piece of request) text += piece;
  const filtered = /userName eq "(.*)"/.exec(decodeURIComponent(request.url ?? ''))?.[1];
  const known = users.get(filtered ?? '');
  if (request.method === 'GET') return response.end(JSON.stringify({ Resources: known === undefined ? [] : [known] }));
  if (request.method === 'DELETE') {
    const { size } = lost;
    lost.add(request.url ?? '');
    return lost.size > size ? response.destroy() : response.writeHead(404).end();
  }
  const { userName } = JSON.parse(text) as { userName: string };
  if (users.has(userName)) return response.writeHead(409).end('{"status":"409"}');
  const meta = { version: 'W/"1"', location: `/Users/${userName}`, lastModified: new Date().toISOString() };
  users.set(userName, { id: userName, userName, meta });
  return response.destroy();
});

let proxy: PatientProxy;
const witness = createWitness();
beforeEach(async () => {
  upstream.listen(0, '127.0.0.1');
  await once(upstream, 'listening');
  proxy = await startPatientProxy(() => (upstream.address() as AddressInfo).port, witness);
});
afterEach(async () => {
  await proxy.close();
  await new Promise((resolve) => upstream.close(resolve).closeAllConnections());
});

test('whoever lost an answer is told what was made, and only that', async () => {
  const create = () =>
    fetch(`${proxy.origin}/scim/v2/Users`, {
      method: 'POST',
      body: '{"userName":"a"}',
      headers: { authorization: 'x' },
    });
  const made = await create();
  expect(made.status).toBe(201);
  expect(made.headers.get('location')).toBe('/Users/a');
  expect(await made.json()).toMatchObject({ id: 'a', userName: 'a' });
  // Nothing was lost of this one, so that its 409 is meant.
  expect((await create()).status).toBe(409);
  const remove = async (id: string) => {
    const headers = { authorization: 'x' };
    return (await fetch(`${proxy.origin}/scim/v2/Users/${id}`, { method: 'DELETE', headers })).status;
  };
  expect(await remove('a')).toBe(204);
  // It was removed before, and what nobody was told of never was.
  expect(await remove('a')).toBe(404);
  expect(await remove('nobody')).toBe(404);
  expect(proxy.tally).toMatchObject({ calls: 5, again: 3, faults: [] });
  expect(witness.versionOf('x', '/Users/a')).toBe(0);
});

test('a server that takes a call and never answers it is a fault; what was answered in time is left alone', async () => {
  let asked = 0;
  const hanging = createServer((_, response) => {
    asked += 1;
    if (asked !== 2) response.end('{}');
  });
  hanging.listen(0, '127.0.0.1');
  await once(hanging, 'listening');
  const strict = await startPatientProxy(() => (hanging.address() as AddressInfo).port, witness, 200);
  const get = async () => (await fetch(`${strict.origin}/scim/v2/Users`)).status;
  try {
    expect(await get()).toBe(200);
    expect(await get()).toBe(502);
    expect(await get()).toBe(200);
    expect(strict.tally.faults).toEqual([
      'GET /scim/v2/Users was not answered in 200 ms: The operation was aborted',
      'GET /scim/v2/Users was answered 502: ',
    ]);
  } finally {
    await strict.close();
    hanging.close().closeAllConnections();
  }
});
