import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DATABASES, runCommand, type ScimClient, scim, startServer, type TestServer } from '../harness/index.ts';

const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group';
const NAMES = [
  'O"Neil, "Ann"',
  'Ünï 👩‍👩‍👧 日本',
  'שלום, "עולם"',
  'semi;colon',
  "d'Arc",
  '=1+1',
  '@here',
  '-x',
  '+1 555',
];

describe.each(DATABASES)('the failure list and the journal on %s', (database) => {
  let server: TestServer;
  let client: ScimClient;
  let folder: string;

  beforeAll(async () => {
    server = await startServer({ database });
    client = scim(server);
    folder = mkdtempSync(join(tmpdir(), 'joinery-failures-'));
    for (const userName of NAMES) {
      expect((await client.post('/Users', { schemas: [USER], userName })).status).toBe(201);
      for (let times = 0; times < 2; times += 1) {
        expect((await client.post('/Users', { schemas: [USER], userName })).status).toBe(409);
      }
    }
    const nobody = { value: '019f0000-0000-7000-8000-000000000000' };
    expect((await client.post('/Groups', { schemas: [GROUP], displayName: 'Sales', members: [nobody] })).status).toBe(
      400,
    );
  });
  afterAll(async () => {
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const joinery = (...args: string[]) =>
    runCommand([...args, '--organization', 'acme'], server.env as Record<string, string>);

  test('the CSV has every row, and read back it is what was refused', async () => {
    const file = join(folder, 'failures.csv');
    const done = await joinery('failures', 'export', '--output', file);
    expect(done, done.stderr).toMatchObject({ code: 0, stdout: '', stderr: `The failures are in ${file}.\n` });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const records = parse(readFileSync(file), { bom: true, columns: true }) as Record<string, string>[];
    expect(records.map(({ Name = '' }) => Name.replace(/^'(?=[=+\-@])/, '')).sort()).toEqual(
      [...NAMES, 'Sales'].sort(),
    );
    for (const record of records) expect(record.Name).not.toMatch(/^[=+\-@\t\r]/);
    const stored = await server.rows('SELECT label, detail, times, request_id FROM failures');
    for (const { label, detail, times, request_id } of stored) {
      const record = records.find((one) => one['Request id'] === request_id);
      expect(record?.Name?.replace(/^'(?=[=+\-@])/, '')).toBe(label);
      expect(record?.['What went wrong']).toBe(detail);
      expect(record?.Times).toBe(String(times));
    }
    const printed = await joinery('failures', 'export');
    expect(printed.stdout).toBe(readFileSync(file, 'utf8'));
  });

  test('the JSON has the same', async () => {
    const { stdout } = await joinery('failures', 'export', '--format', 'json');
    const failures = JSON.parse(stdout) as { name: string; times: number; reason: string }[];
    expect(failures.map(({ name }) => name).sort()).toEqual([...NAMES, 'Sales'].sort());
    expect(failures.find(({ name }) => name === 'Sales')).toMatchObject({ type: 'Group', reason: 'unknown-members' });
    expect((await joinery('failures', 'list', '--json')).stdout).toBe(stdout);
  });

  test('the list says who, what, since when, how often, why, what to do; and which call it was', async () => {
    const listed = await joinery('failures', 'list', '--limit', '3');
    expect(listed.stdout.split('\n\n')).toHaveLength(3);
    expect(listed.stderr).toContain('There are 7 more.');
    const { stdout } = await joinery('failures', 'show', "d'Arc");
    expect(stdout).toMatch(
      /^User "d'Arc": create refused \(name-taken\), 2 times since 20\d\d-\d\d-\d\d \d\d:\d\d:\d\dZ, last at /,
    );
    expect(stdout).toContain('\n  A user with the userName "d\'Arc" already exists in this directory.');
    expect(stdout).toMatch(/\n {2}In Okta: {3}\S.+\.\n {2}In Entra: {2}\S.+\.\n {2}Call: {6}[\da-f-]{36}\n$/);
    const id = /Call: +([\da-f-]{36})/.exec(stdout)?.[1] ?? '';
    const call = await joinery('journal', 'show', id);
    expect(call, call.stderr).toMatchObject({ code: 0 });
    expect(call.stdout).toMatch(/^20\S+Z {2}POST \/scim\/v2\/Users {2}409 name-taken {2}\d+\.\d ms\n/);
    expect(call.stdout).toContain(`  Request id   ${id}\n`);
    expect(call.stdout).toContain('  Credential   test\n');
    expect(call.stdout).toContain(`"userName":"d'Arc"`);
    expect(call.stdout).toContain('"scimType":"uniqueness"');
  });

  test('a row goes when a later call succeeds, and not before', async () => {
    const [found] = (await client.get(`/Users?filter=${encodeURIComponent('userName eq "semi;colon"')}`)).body
      .Resources;
    expect((await joinery('failures', 'show', 'semi;colon')).code).toBe(0);
    expect(
      (await client.patch(`/Users/${found.id}`, [{ op: 'replace', path: 'title', value: 'x' }])).status,
    ).toBeLessThan(300);
    expect(await joinery('failures', 'show', 'semi;colon')).toMatchObject({
      code: 1,
      stderr: 'joinery: nothing has failed of "semi;colon".\n',
    });
  });

  test('what is asked wrongly is told', async () => {
    const wrong = await runCommand(
      ['failures', 'list', '--organization', 'nobody'],
      server.env as Record<string, string>,
    );
    expect(wrong).toMatchObject({ code: 1, stderr: 'joinery: There is no organization with the slug "nobody".\n' });
    expect((await joinery('journal', 'list', '--since', 'yesterday')).code).toBe(2);
    expect((await joinery('journal', 'show', 'none')).stderr).toMatch(
      /^joinery: the journal has no call with the request id "none": /,
    );
    const nowhere = await joinery('failures', 'export', '--output', join(folder, 'no', 'such', 'folder.csv'));
    expect(nowhere).toMatchObject({ code: 1 });
    expect(nowhere.stderr).toMatch(/^joinery: .*folder\.csv cannot be written \(ENOENT\)\.\n$/);
  });
});
