import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { type CommandResult, runCommand, scim, startServer } from '../../harness/index.ts';

const config = {
  applications: { app: { policy: { guard: { users: 1, percent: 0, window: '1h', memberships: 5 } } } },
} as const;
const folder = mkdtempSync(join(tmpdir(), 'joinery-'));
const JOINERY_CONFIG = join(folder, 'joinery.config.ts');
writeFileSync(JOINERY_CONFIG, `export default ${JSON.stringify(config)};`);
const server = await startServer({ config, users: 5 });
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

const client = scim(server);
const joinery = (...args: string[]): Promise<CommandResult> => runCommand(args, { ...server.env, JOINERY_CONFIG });
const found = await client.get('/Users');
const [first, ...others]: { id: string; userName: string }[] = found.body.Resources;
const deactivate = ({ id }: { id: string }) =>
  client.patch(`/Users/${id}`, [{ op: 'replace', value: { active: false } }]);

test('holds are listed with who and why, rejected, approved one by one and together; beside a server', async () => {
  expect(await joinery('holds', 'list')).toMatchObject({ code: 0, stdout: '', stderr: 'Nothing is held.\n' });
  if (first === undefined) throw new Error('nobody');
  expect((await deactivate(first)).status).toBe(200);
  for (const one of others) expect((await deactivate(one)).status).toBe(409);

  const listed = await joinery('holds', 'list', '--organization', 'acme', '--json');
  const holds = listed.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).hold as { id: string; label: string; why: string });
  expect(holds.map(({ label }) => label).sort()).toEqual(others.map(({ userName }) => userName).sort());
  const [a = { id: '', label: '' }, b = { id: '', label: '' }] = holds;
  const table = await joinery('holds', 'list');
  expect(table.stdout).toMatch(/^ID +ORGANIZATION +APPLICATION +WHO +WORK +ASKED BY +SINCE +TIMES +STATE\n/);
  expect(table.stdout).toMatch(
    new RegExp(`${a.id}  acme +app +${a.label}  deactivate  test +[-\\d]+ [:\\d]+Z  1 +open`),
  );
  const shown = await joinery('holds', 'show', a.id);
  expect(shown.stdout).toMatch(/^why +The deactivation of ".*" was not done: it is held until a person decides\./m);

  const unguarded = await joinery('policy', 'set', '--organization', 'acme', 'guard=none');
  expect(unguarded.stderr).toMatch(/^joinery: there is no guard now, and holds are open that it made\./);
  expect((await joinery('policy', 'reset', '--organization', 'acme', 'guard')).stderr).toBe('');

  expect(await joinery('holds', 'reject', a.id)).toMatchObject({ code: 0 });
  expect((await joinery('holds', 'show', a.id)).stdout).toMatch(/^state +rejected by \S+ at /m);
  expect((await joinery('holds', 'approve', b.id)).stdout).toMatch(new RegExp(`${b.id}  ${b.label}  applied`));
  expect(await joinery('holds', 'approve', b.id)).toMatchObject({
    code: 1,
    stderr: 'joinery: 1 of 1 came to nothing.\n',
  });
  const all = await joinery('holds', 'approve', '--all', '--organization', 'acme', '--json');
  expect(JSON.parse(all.stdout).map(({ became }: { became: string }) => became)).toEqual(['applied', 'applied']);
  const active = await client.get(`/Users?filter=${encodeURIComponent('active eq true')}`);
  expect(active.body.Resources.map(({ userName }: { userName: string }) => userName)).toEqual([a.label]);
});

test('the guard shows how much of it is used, is lifted, snoozed, and wakes', async () => {
  const shown = await joinery('guard', 'show', '--organization', 'acme');
  expect(shown.stdout).toMatch(/users +1 of 1 deactivated or removed within 1 h; what is more is held\n/);
  expect(shown.stdout).toMatch(/memberships +0 of 5 taken away within 1 h/);
  expect((await joinery('guard', 'lift', '--organization', 'acme')).stdout).toMatch(/users +0 of 1 /);
  expect((await joinery('guard', 'snooze', '--organization', 'acme', '--for', '1h')).stdout).toMatch(
    /nothing is held until/,
  );
  expect((await joinery('guard', 'snooze', '--organization', 'acme', '--off')).stdout).not.toMatch(/nothing is held/);
});

test.each([
  [['holds', 'approve'], 2, /Name the holds by their ids, or give --all/],
  [['holds', 'approve', '--all'], 2, /say whose: --organization/],
  [['holds', 'reject', 'nope'], 1, /no hold with the id "nope"\. Nothing was changed/],
  [['holds', 'show', 'nope'], 1, /no hold with the id "nope"/],
  [['guard', 'snooze', '--organization', 'acme'], 2, /for how long \(--for 1h\), or --off/],
  [['guard', 'snooze', '--organization', 'acme', '--for', '0h'], 2, /15m, 2h or 1d/],
  [['guard', 'show', '--organization', 'nobody'], 1, /no organization with the slug "nobody"/],
] as const)('%j says what is wrong', async (args, code, says) => {
  const { stderr, ...result } = await joinery(...args);
  expect(result).toMatchObject({ code, stdout: '' });
  expect(stderr).toMatch(says);
});
