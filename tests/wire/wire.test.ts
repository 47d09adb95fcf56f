import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startServer, type TestServer } from '../harness/index.ts';
import { differences } from './differences.ts';
import { exchange, type WireReply } from './exchange.ts';
import { fill, type Known } from './fill.ts';

/**
 * One conversation with a provider, as it was recorded or is documented: `okta/deactivate-without-path.json`. Adding one
 * is adding a file. The § and quirks in `source` are those of `idp-clients.md`. It is played on a default application,
 * which logs what it rewrote, and on a strict one.
 */
interface Conversation extends Exchange {
  readonly source: string;
  /** What went before; each answer must be a 2xx, and is called `as` in what follows. */
  readonly given?: readonly Given[];
  readonly afterwards?: readonly Exchange[];
}

interface Given extends Sent {
  readonly as?: string;
  readonly repeat?: number;
  /** The body in its place where the pure standard would refuse it. */
  readonly strict?: unknown;
}

interface Exchange {
  readonly request: Sent;
  readonly expect: Expected;
  /** The rewrites that the log's line of the request names, in their order; none when absent. */
  readonly rewrites?: readonly string[];
  /** What the pure standard answers, where it is not the same. After a write that was answered so, the rest is not played. */
  readonly strict?: Expected;
}

interface Sent {
  readonly method: string;
  readonly path: string;
  /** Besides the provider's own; null takes one of those away. */
  readonly headers?: Readonly<Record<string, string | null>>;
  readonly body?: unknown;
  /** In place of a body: what is not JSON. */
  readonly text?: string;
}

interface Expected {
  readonly status: number | readonly number[];
  readonly headers?: Readonly<Record<string, string>>;
  /** What the body holds at least; '' for none at all. */
  readonly body?: unknown;
}

const JSON_TYPE = 'application/scim+json; charset=utf-8';

/** §1.2 and §2.1: what each sends with everything. Entra ID sends no User-Agent; `others` are those of §3. */
const PROVIDERS: Record<
  string,
  { readonly always: Record<string, string>; readonly withBody: Record<string, string> }
> = {
  okta: {
    always: {
      Accept: 'application/scim+json',
      'Accept-Charset': 'utf-8',
      'User-Agent': 'Okta SCIM Client 1.0.0',
      'Accept-Encoding': 'gzip,deflate',
    },
    withBody: { 'Content-Type': JSON_TYPE },
  },
  entra: { always: {}, withBody: { 'Content-Type': JSON_TYPE } },
  others: { always: { Accept: 'application/scim+json' }, withBody: { 'Content-Type': 'application/scim+json' } },
};

const CONFIG = {
  applications: { default: { basePath: '/scim/v2' }, strict: { basePath: '/strict/scim/v2', strict: true } },
} as const;
const MODES = ['default', 'strict'] as const;
type Mode = (typeof MODES)[number];

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ config: CONFIG });
});
afterAll(() => server.close());

/** What the log must say of each exchange, by request id. */
const told = new Map<string, { readonly of: string; readonly rewrites: readonly string[] }>();

const folder = fileURLToPath(new URL('.', import.meta.url));

describe.each(MODES)('%s', (mode) => {
  describe.each(Object.keys(PROVIDERS))('%s', (provider) => {
    const files = readdirSync(join(folder, provider)).filter((name) => name.endsWith('.json'));
    test.each(files.map((name) => name.replace(/\.json$/, '')))('%s', (name) => play({ mode, provider, name }));
  });
});

test('what was rewritten is told in the line of the request, and nothing else is', async () => {
  await server.close();
  const lines = server.logs().trimEnd().split('\n');
  const logged = new Map(
    lines.map((line) => JSON.parse(line)).map((line) => [line['request-id'], line.rewrites ?? []]),
  );
  expect(told.size).toBeGreaterThan(0);
  for (const [id, { of, rewrites }] of told) expect(logged.get(id), of).toEqual(rewrites);
});

async function play({ mode, provider, name }: { mode: Mode; provider: string; name: string }): Promise<void> {
  const conversation: Conversation = JSON.parse(readFileSync(join(folder, provider, `${name}.json`), 'utf8'));
  const { token, baseUrl } = await server.mint('wire', {
    organization: `${provider}-${name}`.slice(0, 60),
    application: mode,
  });
  const known = new Map<string, unknown>([
    ['token', token],
    ['basic', Buffer.from(`okta:${token}`).toString('base64')],
  ]);
  const send = (sent: Sent, words: Known = known) => converse(baseUrl, provider, fill(sent, words) as Sent, token);

  for (const { as, repeat = 1, strict, ...given } of conversation.given ?? []) {
    const sent = mode === 'strict' && strict !== undefined ? { ...given, body: strict } : given;
    for (let n = 1; n <= repeat; n++) {
      const reply = await send(sent, new Map([...known, ['n', n]]));
      expect(reply.status, `given ${sent.method} ${sent.path}: ${reply.text}`).toBeLessThan(300);
      if (as !== undefined) known.set(as, JSON.parse(reply.text));
    }
  }
  for (const { request, expect: expected, rewrites = [], strict } of [
    conversation,
    ...(conversation.afterwards ?? []),
  ]) {
    const reply = await send(request);
    const found = mismatches(fill((mode === 'strict' ? strict : undefined) ?? expected, known) as Expected, reply);
    expect(found, `${request.method} ${request.path} → ${reply.status} ${reply.text}`).toEqual([]);
    const of = `${mode} ${provider}/${name}: ${request.method} ${request.path}`;
    told.set(String(reply.headers['x-request-id']), { of, rewrites: mode === 'strict' ? [] : rewrites });
    if (mode === 'strict' && strict !== undefined && request.method !== 'GET') return;
  }
}

function converse(baseUrl: string, provider: string, { method, path, headers, body, text }: Sent, token: string) {
  const own = PROVIDERS[provider];
  const sent = body === undefined ? text : JSON.stringify(body);
  const all = {
    Authorization: `Bearer ${token}`,
    ...own?.always,
    ...(sent === undefined ? {} : own?.withBody),
    ...headers,
  };
  const named = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== null);
  return exchange(baseUrl, {
    method,
    path,
    headers: Object.fromEntries(named),
    ...(sent === undefined ? {} : { text: sent }),
  });
}

function mismatches({ status, headers = {}, body }: Expected, reply: WireReply): string[] {
  const statuses = typeof status === 'number' ? [status] : status;
  return [
    ...(statuses.includes(reply.status) ? [] : [`status: expected ${statuses.join(' or ')}, got ${reply.status}`]),
    ...Object.entries(headers).flatMap(([name, value]) => differences(value, reply.headers[name], name)),
    ...(body === '' ? differences('', reply.text) : bodyMismatches(body ?? {}, reply)),
    ...always(reply),
  ];
}

function bodyMismatches(expected: unknown, { text }: WireReply): string[] {
  return text === '' ? differences(expected, {}) : differences(expected, JSON.parse(text));
}

/** Quirk 35 and RFC 7644 §3.12: of every answer, whatever was asked. */
function always({ status, headers, text }: WireReply): string[] {
  if (text === '') return status === 204 ? [] : ['no body, though the status is not 204'];
  return [
    ...differences('{{contains application/scim+json}}', headers['content-type'], 'content-type'),
    ...(status < 400
      ? []
      : differences(
          { schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'], status: String(status), detail: '{{any}}' },
          JSON.parse(text),
        )),
  ];
}
