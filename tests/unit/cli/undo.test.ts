import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DATABASES, runCommand, type ScimClient, scim, startServer, type TestServer } from '../../harness/index.ts';

const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group';

describe.each(DATABASES)('joinery history and undo beside a server on %s', (database) => {
  let server: TestServer;
  let client: ScimClient;
  let [babs, tour] = ['', ''];
  beforeAll(async () => {
    server = await startServer({ database });
    client = scim(server);
    babs = (await client.post('/Users', { schemas: [USER], userName: 'bjensen', title: 'Guide', active: true })).body
      .id;
    const members = [{ value: babs }];
    tour = (await client.post('/Groups', { schemas: [GROUP], displayName: 'Tour', members })).body.id;
  });
  afterAll(() => server.close());

  const joinery = (...words: readonly string[]) => runCommand(words, server.env);
  const directory = ['--organization', 'acme'] as const;

  test('history shows who changed what, and the number of the change set', async () => {
    await client.patch(`/Users/${babs}`, [{ op: 'replace', path: 'title', value: 'Director\u001b[31m' }]);
    const shown = await joinery('history', ...directory, '--user', 'BJensen');
    expect(shown.code).toBe(0);
    const lines = shown.stdout.trimEnd().split('\n');
    expect(lines[0]).toMatch(/^SET +AT +BY +WHO +WHAT$/);
    expect(lines[1]).toMatch(/^4 .* test +user bjensen +title: "Guide" → "Director.*"$/);
    expect(shown.stdout).not.toContain('\u001b');
    expect(lines[2]).toMatch(/group Tour +\+bjensen$/);
    expect(lines[3]).toMatch(/user bjensen +created$/);
    expect(shown.stderr).toContain('undo --organization acme --set <SET> --dry-run');

    const json = await joinery('history', ...directory, '--group', 'Tour', '--json', '--limit', '1');
    expect(JSON.parse(json.stdout)).toMatchObject({
      set: 2,
      kind: 'members',
      joined: [{ id: babs, label: 'bjensen' }],
    });
    const nobody = await joinery('history', ...directory, '--user', 'nobody');
    expect(nobody).toMatchObject({ code: 1, stderr: expect.stringContaining('There is no user "nobody"') });
  });

  test('undo says what it would do, does it, and can itself be taken back', async () => {
    await client.delete(`/Users/${babs}`);
    const dry = await joinery('undo', ...directory, '--credential', 'test', '--set', '5', '--dry-run');
    expect(dry.code).toBe(0);
    expect(dry.stdout).toMatch(/^2 changes, made from .* A dry run: nothing is changed\.\n/);
    expect(dry.stdout).toContain(
      '  1  removed record to be brought back under the old id\n  1  membership to be put back\n',
    );
    expect((await client.get(`/Users/${babs}`)).status).toBe(404);

    const unasked = await joinery('undo', ...directory, '--set', '5');
    expect(unasked).toMatchObject({ code: 2, stderr: expect.stringContaining('add --yes') });

    const done = await joinery('undo', ...directory, '--set', '5', '--yes', '--json');
    expect(JSON.parse(done.stdout)).toMatchObject({
      dryRun: false,
      ended: true,
      changes: 2,
      counts: { restored: 1, putBack: 1 },
    });
    const { body } = await client.get(`/Users/${babs}`);
    expect(body).toMatchObject({ userName: 'bjensen', groups: [{ value: tour }], meta: { version: 'W/"3"' } });

    const { requestId } = JSON.parse(done.stdout);
    const back = await joinery('undo', ...directory, '--request', requestId, '--yes');
    expect(back.stdout).toContain('  1  created record removed\n');
    expect((await client.get(`/Users/${babs}`)).status).toBe(404);
    const since = await joinery('undo', ...directory, '--user', 'bjensen', '--since', '1h', '--dry-run');
    expect(since.stdout).toContain('Together they come to nothing.');
  });
});

describe('joinery history and undo', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server.close());

  test.each([
    [['undo', '--dry-run'], 'say which changes'],
    [['undo', '--user', 'a', '--group', 'b', '--since', '1h'], 'not both'],
    [['undo', '--since', '1h', '--from', '2h'], 'not both'],
    [['undo', '--since', 'yesterday'], 'Expected how long ago'],
    [['undo', '--from', '2026-11-21T10:00', '--dry-run'], 'Expected how long ago'],
    [['undo', '--from', '2026-11-21 10:00 nonsense', '--dry-run'], 'Expected how long ago'],
    [['undo', '--set', '0'], 'Expected the number of a change set'],
    [['undo', '--set', '1', '--yes', '--credential', 'nobody'], 'No token of this directory is called "nobody"'],
    [['history', '--user', 'a', '--group', 'b'], 'not both'],
  ])('%j is refused with a sentence', async ([command = '', ...words], sentence) => {
    const { code, stderr } = await runCommand([command, '--organization', 'acme', ...words], server.env);
    expect(code).toBeGreaterThan(0);
    expect(stderr).toContain(sentence);
  });
});
