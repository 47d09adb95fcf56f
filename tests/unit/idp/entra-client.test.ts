import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { createEntraClient } from '../../../src/idp/entra/client.ts';
import type { EntraFlavour } from '../../../src/idp/entra/flavour.ts';
import { problemOf } from '../../../src/idp/entra/problem.ts';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

async function connect(flavour: EntraFlavour, status = 200) {
  const seen: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    seen.push(request);
    response.writeHead(seen.length === 1 ? status : 200, { 'retry-after': '1' }).end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const shared = { token: 't', patienceMs: 1, timeoutMs: 10_000, observe: () => {} };
  const client = createEntraClient({ ...shared, baseUrl: `http://127.0.0.1:${port}/scim/v2/`, flavour });
  closing.push(client.close, () => server.close().closeAllConnections());
  return { client, seen };
}

const lookup = {
  operation: 'find',
  method: 'GET',
  path: '/Users',
  query: { filter: `userName eq "o'b+c@d.e"` },
} as const;

test('a look-up has a plus for a space, no page, no User-Agent and no Content-Type', async () => {
  const { client, seen } = await connect('classic');
  await client.call(lookup);
  expect(seen[0]?.url).toBe('/scim/v2/Users?filter=userName+eq+%22o%27b%2Bc%40d.e%22');
  expect(seen[0]?.headers).toMatchObject({ authorization: 'Bearer t', accept: 'application/scim+json' });
  expect(Object.keys(seen[0]?.headers ?? {})).not.toEqual(expect.arrayContaining(['user-agent']));
  expect(seen[0]?.headers['content-type']).toBeUndefined();
});

test('the flag stands at the head of every query, and a write says what it carries', async () => {
  const { client, seen } = await connect('aadOptscim062020');
  await client.call(lookup);
  await client.call({ operation: 'patch', method: 'PATCH', path: '/Users/1', body: { displayName: '山' } });
  expect(seen[0]?.url).toMatch(/^\/scim\/v2\/Users\?aadOptscim062020&filter=/);
  expect(seen[1]?.url).toBe('/scim/v2/Users/1?aadOptscim062020');
  expect(seen[1]?.headers['content-type']).toBe('application/scim+json; charset=utf-8');
  expect(seen[1]?.headers['content-length']).toBe(String('{"displayName":"山"}'.length + 2));
});

test('a 429 is waited for and asked again', async () => {
  const { client, seen } = await connect('classic', 429);
  expect((await client.call(lookup)).status).toBe(200);
  expect(seen).toHaveLength(2);
});

test.each([
  [204, '', undefined, undefined],
  [200, '{}', {}, undefined],
  [409, '{"detail":"taken"}', { detail: 'taken' }, 'StatusCode: Conflict. Web Response: taken'],
  [404, '', undefined, 'StatusCode: NotFound. Web Response: none'],
  [502, '<html>', undefined, 'StatusCode: BadGateway. The response is not JSON: <html>'],
  [200, 'ok', undefined, 'StatusCode: OK. The response is not JSON: ok'],
])('%i %s stands in the log as it would', (status, text, json, message) => {
  expect(problemOf(status, text, json)).toBe(message);
});
