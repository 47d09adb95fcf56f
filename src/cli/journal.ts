import type { Command } from 'commander';
import type { App } from '../app.ts';
import { CommandFailed } from './failure.ts';
import { withInstance } from './instance.ts';
import { example } from './invocation.ts';
import { type Place, withPlace } from './place.ts';
import { printable } from './printable.ts';
import { readLimit } from './read-limit.ts';
import { readSince } from './since.ts';
import { table } from './table.ts';

/** `joinery journal list|show`: what identity providers asked, and what they were answered. */
export function addJournal(program: Command): void {
  const journal = program
    .command('journal')
    .description('what identity providers asked, and what they were answered; passwords and tokens are cut')
    .helpCommand(false);
  withPlace(journal.command('list'))
    .description('list calls, the latest first, a line each')
    .option('--since <when>', '15m, 2h, 7d, or a date like 2026-11-21T10:00Z (default: all that is kept)', (text) =>
      readSince(text, Date.now()),
    )
    .option('--failed', 'only those that were refused, that failed, or whose client left')
    .option('--limit <number>', 'at most so many', readLimit, 50)
    .option('--json', 'print each as a line of JSON, with its bodies')
    .addHelpText('after', example('journal list --organization acme --since 2h --failed'))
    .action(list);
  withPlace(journal.command('show'))
    .description('show one call, with what was sent and answered')
    .argument('<request-id>', 'as the journal, the failure list, a reply (X-Request-Id) or the log has it')
    .option('--json', 'print it as a line of JSON')
    .addHelpText('after', example('journal show --organization acme 4f7d8e0a-2c1b-4a5d-9e3f-6b7c8d9e0f1a'))
    .action(show);
}

interface ListOptions extends Place {
  readonly since?: string;
  readonly failed?: boolean;
  readonly limit: number;
  readonly json?: boolean;
}

type Asked = Parameters<App['journal']>[1];
type Call = Extract<Awaited<ReturnType<App['journal']>>, { kind: 'listed' }>['calls'][number];

function list({ since, failed, limit, json, ...place }: ListOptions): Promise<void> {
  return withInstance(async ({ app }) => {
    const calls = await asked(app, place, { since, failed, limit });
    if (json) {
      for (const call of calls) console.log(JSON.stringify(call));
      return;
    }
    if (calls.length === 0) {
      console.error('The journal has no such call.');
      return;
    }
    console.log(table(HEADER, calls.map(line)));
    if (calls.length === limit) console.error(`\nThere may be more: --limit ${2 * limit} shows twice as many.`);
  });
}

function show(requestId: string, { json, ...place }: Place & { json?: boolean }): Promise<void> {
  return withInstance(async ({ app }) => {
    const [call] = await asked(app, place, { requestId, limit: 1 });
    if (call === undefined) {
      throw new CommandFailed(
        `the journal has no call with the request id ${JSON.stringify(requestId)}: it was never there, is no longer kept, or is of another organization.`,
      );
    }
    console.log(json ? JSON.stringify(call) : shown(call));
  });
}

async function asked(app: App, { organization, application }: Place, given: Asked): Promise<readonly Call[]> {
  const found = await app.journal({ organization, application }, given);
  if (found.kind === 'refused') throw new CommandFailed(found.detail);
  return found.calls;
}

const HEADER = ['AT', 'STATUS', 'MS', 'OUTCOME', 'METHOD', 'PATH', 'CREDENTIAL', 'REQUEST ID'];
const LONGEST_PATH = 100;

function line(call: Call): readonly string[] {
  const { at, status, ms, method, path, requestId } = call;
  const short = path.length > LONGEST_PATH ? `${path.slice(0, LONGEST_PATH)}…` : path;
  return [at, String(status), ms.toFixed(1), outcomeOf(call), method, short, whose(call), requestId].map(printable);
}

/**
 *     2026-11-21T10:00:07.123Z  POST /scim/v2/Users  409 name-taken  4.2 ms
 *       Request id   4f7d8e0a-2c1b-4a5d-9e3f-6b7c8d9e0f1a
 *       Credential   Okta production
 *       Rewrites     operation-case
 *       Ignored      title, nickName
 *       Sent         {"schemas":[…],"userName":"ann@example.com","password":"[cut]"}
 *       Answered     {"schemas":[…],"status":"409","scimType":"uniqueness","detail":"…"}
 */
function shown(call: Call): string {
  const { at, method, path, status, ms, requestId, rewrites, ignored, sent, answered } = call;
  const rows = [
    ['Request id', requestId],
    ['Credential', whose(call)],
    ['Rewrites', rewrites.join(', ')],
    ['Ignored', ignored.join(', ')],
    ['Sent', sent ?? ''],
    ['Answered', answered ?? ''],
  ] as const;
  const width = Math.max(...rows.map(([name]) => name.length));
  return [
    `${at}  ${method} ${path}  ${status} ${outcomeOf(call)}  ${ms.toFixed(1)} ms`,
    ...rows.filter(([, value]) => value !== '').map(([name, value]) => `  ${name.padEnd(width)}   ${value}`),
  ]
    .map(printable)
    .join('\n');
}

function outcomeOf({ outcome, isAborted }: Call): string {
  return isAborted ? `${outcome}, not heard` : outcome;
}

function whose({ credentialName, credential }: Call): string {
  return credentialName ?? credential ?? '-';
}
