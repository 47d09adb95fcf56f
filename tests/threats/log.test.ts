import { describe, expect, test } from 'vitest';
import { scim, startServer } from '../harness/index.ts';
import { isAlive, user } from './world.ts';

describe('T-UNI-06 the log', () => {
  test('CR, LF and escape sequences in every field make no line of their own', async () => {
    const server = await startServer();
    const client = scim(server);
    const forged = '\n{"level":"info","msg":"FORGED"}\r\n\u001b[2J\u009b31m\u2028FORGED';
    const encoded = encodeURIComponent(forged);
    const made = await client.post(
      '/Users',
      user('log', { title: forged, externalId: forged, name: { familyName: forged } }),
    );
    expect(made.status).toBe(201);
    const calls = [
      () => client.post('/Users', user(forged)),
      () => client.get(`/Users/${encoded}`),
      () => client.get(`/${encoded}`),
      () => client.get(`/Users?filter=${encodeURIComponent(`userName eq ${JSON.stringify(forged)}`)}`),
      () => client.get(`/Users?filter=${encoded}&attributes=${encoded}`),
      () => client.get('/Users', { 'user-agent': 'FORGED\u2028'.replace('\u2028', '?') }),
      () => client.patch(`/Users/${made.body.id}`, [{ op: 'replace', path: forged, value: forged }]),
      () => client.put(`/Users/${made.body.id}`, `{"schemas":["${forged.replaceAll(/[^\x20-\x7e]/g, '')}`),
      () => client.post('/Users', user('log-2'), { 'content-type': 'text/FORGED' }),
    ];
    for (const call of calls) expect((await call()).status).toBeLessThan(500);
    await isAlive(client);
    await server.close();
    const lines = server.logs().trimEnd().split('\n');
    expect(lines.length).toBeGreaterThanOrEqual(calls.length);
    for (const line of lines) {
      const entry = JSON.parse(line) as Record<string, unknown>;
      expect(entry.msg).not.toBe('FORGED');
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
      expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
    }
  });
});
