import { once } from 'node:events';
import { Agent, createServer, type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { versionIn, type Witness } from './witness.ts';

/** What the replies amounted to. */
export interface Tally {
  calls: number;
  /** By status: 201 → 412. */
  readonly statuses: Map<number, number>;
  /** Sent again, since the connection broke or the answer was 503. */
  again: number;
  readonly faults: string[];
}

export interface PatientProxy {
  readonly origin: string;
  readonly tally: Tally;
  close(): Promise<void>;
}

/** In this time a server is up again. */
const PATIENCE_MS = 60_000;
const LOOK_AGAIN_MS = 25;
const AFTER_UNAVAILABLE_MS = 200;

/**
 * Stands between identity providers and a server that is killed under them, and tries each call again until it is
 * answered, as they do within minutes or hours. A call may be made twice by that: whose first answer got lost is told what
 * the first made. All that is answered goes to the witness.
 */
export async function startPatientProxy(
  port: () => number,
  witness: Witness,
  patience = PATIENCE_MS,
): Promise<PatientProxy> {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const tally: Tally = { calls: 0, statuses: new Map(), again: 0, faults: [] };
  const server = createServer(async (incoming, outgoing) => {
    const call = await callOf(incoming);
    const answer = await answered(call);
    const {
      'content-length': _length,
      'transfer-encoding': _encoding,
      connection: _connection,
      ...kept
    } = answer.headers;
    outgoing.writeHead(answer.status, {
      ...kept,
      ...(answer.status === 204 ? {} : { 'content-length': answer.body.length }),
    });
    outgoing.end(answer.body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    tally,
    async close() {
      agent.destroy();
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };

  async function answered(call: Call): Promise<Answer> {
    const least = witness.versionOf(call.whose, call.path);
    const since = Date.now();
    const answer = await patiently(call, { since, least });
    tally.calls += 1;
    tally.statuses.set(answer.status, (tally.statuses.get(answer.status) ?? 0) + 1);
    if (answer.status >= 500) fault(call, `was answered ${answer.status}: ${answer.body}`);
    const json = jsonIn(answer.body);
    witness.note({ ...call, status: answer.status, etag: answer.headers.etag, json });
    const read =
      call.method === 'GET' && answer.status === 200 && least > 0 ? versionIn(answer.headers.etag) : undefined;
    if (read !== undefined && read < least)
      fault(call, `is in version ${read} after version ${least} was acknowledged`);
    return answer;
  }

  async function patiently(call: Call, before: Before): Promise<Answer> {
    let maybeMade = false;
    for (;;) {
      const reply = await exchange(call);
      if (!(reply instanceof Error) && reply.status !== 503) return maybeMade ? settled(call, reply, before) : reply;
      if (Date.now() - before.since >= patience) {
        if (reply instanceof Error) fault(call, `was not answered in ${patience} ms: ${reply.message}`);
        return reply instanceof Error ? { status: 502, headers: {}, body: Buffer.alloc(0) } : reply;
      }
      tally.again += 1;
      // Who was refused the connection has sent nothing.
      maybeMade ||= !(reply instanceof Error && 'code' in reply && reply.code === 'ECONNREFUSED');
      await pause(reply instanceof Error ? LOOK_AGAIN_MS : AFTER_UNAVAILABLE_MS);
    }
  }

  /** The first time made it, and its answer got lost: the second is told what it would have been. */
  async function settled(call: Call, reply: Answer, before: Before): Promise<Answer> {
    const { since, least } = before;
    // Of what was there: who removes something twice is to hear of it.
    if (call.method === 'DELETE' && reply.status === 404 && least > 0)
      return { status: 204, headers: {}, body: Buffer.alloc(0) };
    if (call.method !== 'POST' || reply.status !== 409) return reply;
    const sent = jsonIn(call.body) as { readonly userName?: string; readonly displayName?: string };
    const name = call.path === '/Users' ? 'userName' : 'displayName';
    const filter = encodeURIComponent(`${name} eq ${JSON.stringify(sent[name])}`);
    const found = await patiently(
      { ...call, method: 'GET', url: `${call.base}${call.path}?filter=${filter}`, body: NO_BODY },
      before,
    );
    const [made] = (jsonIn(found.body) as { Resources?: readonly Made[] } | undefined)?.Resources ?? [];
    // Somebody else's of the same name, and the 409 is meant.
    if (made === undefined || Date.parse(made.meta.lastModified) < since) return reply;
    const headers = { ...found.headers, location: made.meta.location, etag: made.meta.version };
    return { status: 201, headers, body: Buffer.from(JSON.stringify(made)) };
  }

  function exchange({ method, url, headers, body }: Call): Promise<Answer | Error> {
    return new Promise((resolve) => {
      const sent = request({
        host: '127.0.0.1',
        port: port(),
        method,
        path: url,
        headers: { ...headers, ...lengthOf(body) },
        agent,
        // A server that hangs is a fault like another.
        signal: AbortSignal.timeout(patience),
      });
      sent.on('error', resolve);
      sent.on('response', (reply) => {
        bytesOf(reply).then(
          (bytes) => resolve({ status: reply.statusCode ?? 0, headers: reply.headers, body: bytes }),
          resolve,
        );
      });
      sent.end(body);
    });
  }

  function fault({ method, url }: Call, what: string): void {
    tally.faults.push(`${method} ${url} ${what}`);
  }
}

interface Call {
  readonly method: string;
  readonly url: string;
  readonly base: string;
  readonly path: string;
  readonly isPart: boolean;
  readonly whose: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

interface Before {
  /** When it was first sent. */
  readonly since: number;
  /** The version that was acknowledged until then; 0 of what is not there. */
  readonly least: number;
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

interface Made {
  readonly meta: { readonly lastModified: string; readonly location: string; readonly version: string };
}

const NO_BODY = Buffer.alloc(0);

async function callOf(incoming: IncomingMessage): Promise<Call> {
  const url = incoming.url ?? '/';
  const [, base = '', path = ''] = /^(.*?)(\/(?:Users|Groups)(?:\/[^?]*)?)?(?:\?|$)/.exec(url) ?? [];
  // Its answers are looked into: they are not to be compressed.
  const { connection, 'content-length': length, 'accept-encoding': encoding, ...headers } = incoming.headers;
  return {
    method: incoming.method ?? 'GET',
    ...{ url, base, path, headers },
    isPart: /[?&](excludedA|a)ttributes=/.test(url),
    whose: tokenIn(incoming.headers.authorization ?? ''),
    body: await bytesOf(incoming),
  };
}

/** However it is sent: `Bearer …`, `Basic …` with it as the password, or bare. */
function tokenIn(authorization: string): string {
  const [, scheme = '', credential = authorization] = /^(Bearer|Basic) (.*)$/.exec(authorization) ?? [];
  if (scheme !== 'Basic') return credential;
  return Buffer.from(credential, 'base64')
    .toString()
    .replace(/^[^:]*:/, '');
}

async function bytesOf(message: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of message) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}

function lengthOf(body: Buffer): Readonly<Record<string, number>> {
  return body.length === 0 ? {} : { 'content-length': body.length };
}

function jsonIn(body: Buffer): unknown {
  try {
    return body.length === 0 ? undefined : JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}
