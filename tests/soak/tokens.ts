import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { openConnection, requestBytes } from '../process/connection.ts';
import {
  firstToken,
  type JoinerySite,
  type JoineryToken,
  joinerySite,
  runCommand,
  startJoinery,
  stopJoinery,
} from '../process/joinery.ts';

export interface TokensOptions {
  readonly users: number;
  readonly folder: string;
  readonly entry: string;
}

/** Decision 9: a new token works at once; a revoked one stops within 5 s. */
const REVOKED_WITHIN_MS = 5000;
const MOST_ROUNDS = 2000;

/**
 * Two operators make and revoke tokens from other processes, as fast as it goes, while a simulated Okta provisions.
 * Nobody may meet a 5xx or a locked database, and no token may be found anywhere but in the one line that showed it.
 */
export async function soakTokens({ users, folder, entry }: TokensOptions): Promise<boolean> {
  const site = await joinerySite(join(folder, 'tokens'), entry);
  const first = await firstToken(site);
  const server = await startJoinery(site);
  const soak: Soak = { site, base: new URL(first.baseUrl).pathname, minted: [first.token], output: [], faults: [] };

  let working = true;
  const okta = runCommand(site, [
    'simulate',
    'okta',
    '--base-url',
    first.baseUrl,
    '--token',
    first.token,
    '--users',
    String(users),
  ]).finally(() => {
    working = false;
  });
  let rounds = 0;
  const operator = async () => {
    while (working && rounds < MOST_ROUNDS) await mintAndRevoke(soak, rounds++);
  };
  await Promise.all([operator(), operator()]);
  const simulated = await okta;
  await stopJoinery(server);
  soak.output.push(simulated.stdout, simulated.stderr, readFileSync(site.log, 'utf8'));
  if (simulated.code !== 0)
    soak.faults.push(`simulate okta exited ${simulated.code}: ${simulated.stdout.slice(-2000)}`);
  if (rounds === 0) soak.faults.push('simulate ended before the first token was made');
  soak.faults.push(...findTrouble(soak.output), ...findTokens(soak));
  console.log(simulated.stdout.trimEnd());
  console.log(
    `tokens: ${soak.minted.length - 1} made and revoked while Okta provisioned ${users} users; ${soak.faults.length} faults`,
  );
  for (const fault of soak.faults.slice(0, 20)) console.log(`FAULT ${fault}`);
  return soak.faults.length === 0;
}

interface Soak {
  readonly site: JoinerySite;
  readonly base: string;
  readonly minted: string[];
  /** All that any process printed, but the line that shows a token. */
  readonly output: string[];
  readonly faults: string[];
}

async function mintAndRevoke(soak: Soak, round: number): Promise<void> {
  const { site, faults } = soak;
  const name = `round-${round}`;
  const made = await runCommand(site, ['token', 'create', '--organization', 'acme', '--name', name, '--json']);
  soak.output.push(made.stderr);
  if (made.code !== 0) return void faults.push(`token create exited ${made.code}: ${made.stderr}`);
  const { token } = JSON.parse(made.stdout) as JoineryToken;
  soak.minted.push(token);
  // The one line that shows it; whatever else stood there is searched like the rest.
  soak.output.push(
    made.stdout.replace(`"token":"${token}"`, '"token":""').replace(`"token": "${token}"`, '"token": ""'),
  );
  const status = await statusWith(soak, token);
  if (status !== 200) faults.push(`the new token ${name} was answered ${status}`);

  const listed = await runCommand(site, ['token', 'list', '--organization', 'acme']);
  soak.output.push(listed.stdout, listed.stderr);
  const id = new RegExp(`^(\\S+) .* ${name} `, 'm').exec(listed.stdout)?.[1];
  if (id === undefined) return void faults.push(`token list does not show ${name}: ${listed.stdout.slice(-500)}`);
  const revoked = await runCommand(site, ['token', 'revoke', id]);
  soak.output.push(revoked.stdout, revoked.stderr);
  if (revoked.code !== 0) return void faults.push(`token revoke exited ${revoked.code}: ${revoked.stderr}`);
  const until = performance.now() + REVOKED_WITHIN_MS;
  for (;;) {
    const after = await statusWith(soak, token);
    if (after === 401) return;
    if (after !== 200) faults.push(`the revoked token ${name} was answered ${after}`);
    if (performance.now() > until)
      return void faults.push(`the token ${name} still worked after ${REVOKED_WITHIN_MS} ms`);
    await pause(50);
  }
}

async function statusWith({ site, base }: Soak, token: string): Promise<number> {
  const connection = await openConnection(site.port);
  try {
    const request = requestBytes('GET', `${base}/Users?startIndex=1&count=2`, { authorization: `Bearer ${token}` });
    return (await connection.exchange(request)).status;
  } finally {
    connection.close();
  }
}

function findTrouble(output: readonly string[]): string[] {
  const trouble = /database is locked|SQLITE_BUSY|"status":"?5\d\d|\b5\d\d (Internal|Service|Bad Gateway)/;
  return output.flatMap((text) => {
    const found = trouble.exec(text);
    return found === null ? [] : [`printed: ${text.slice(Math.max(0, found.index - 200), found.index + 300)}`];
  });
}

/** Every token in every file of the site (the database, its -wal and -shm, the log) and in all output. */
function findTokens({ site, minted, output }: Soak): string[] {
  const files = readdirSync(site.folder, { recursive: true })
    .map((name) => join(site.folder, String(name)))
    .filter((file) => statSync(file).isFile())
    .map((file) => ({ where: file, text: readFileSync(file, 'latin1') }));
  const places = [...files, ...output.map((text, index) => ({ where: `output ${index}`, text }))];
  // Without the prefix that all tokens share, too: a part of a secret is a secret.
  const secrets = minted.map((token) => token.replace(/^jn-/, ''));
  return places.flatMap(({ where, text }) =>
    secrets.filter((secret) => text.includes(secret)).map(() => `a token stands in ${where}`),
  );
}
