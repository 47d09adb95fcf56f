import { Buffer } from 'node:buffer';
import http, { type IncomingHttpHeaders } from 'node:http';
import https from 'node:https';
import { performance } from 'node:perf_hooks';
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

interface WireRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

/** What came back, or why nothing did. Never a rejection: a dead server is a finding, not a crash. */
type WireReply =
  | {
      readonly kind: 'reply';
      readonly status: number;
      readonly headers: IncomingHttpHeaders;
      readonly text: string;
      readonly ms: number;
    }
  | { readonly kind: 'broken'; readonly problem: string; readonly ms: number };

export interface Transport {
  send(request: WireRequest): Promise<WireReply>;
  close(): void;
}

/** HTTP/1.1 with kept connections and exactly the headers given (idp-clients §1.2: "Apache-HttpClient-like"). */
export function createTransport({ timeoutMs = 60_000, sockets = 16 } = {}): Transport {
  const settings = { keepAlive: true, maxSockets: sockets };
  const agents = { http: new http.Agent(settings), https: new https.Agent(settings) };
  const send = async (request: WireRequest): Promise<WireReply> => {
    const started = performance.now();
    const first = await sendOnce(request, agents, timeoutMs);
    // A kept connection that the server closed at that very moment says nothing about the server: ask once more.
    const answer = 'stale' in first && first.stale ? await sendOnce(request, agents, timeoutMs) : first;
    const ms = performance.now() - started;
    return 'problem' in answer
      ? { kind: 'broken', problem: answer.problem, ms }
      : { kind: 'reply', status: answer.status, headers: answer.headers, text: answer.text, ms };
  };
  const close = (): void => {
    agents.http.destroy();
    agents.https.destroy();
  };
  return { send, close };
}

interface Agents {
  readonly http: http.Agent;
  readonly https: https.Agent;
}
type Answer =
  | { readonly status: number; readonly headers: IncomingHttpHeaders; readonly text: string }
  | { readonly problem: string; readonly stale: boolean };

function sendOnce(request: WireRequest, agents: Agents, timeoutMs: number): Promise<Answer> {
  return new Promise((resolve) => {
    const url = new URL(request.url);
    const secure = url.protocol === 'https:';
    const options = { method: request.method, headers: request.headers, agent: secure ? agents.https : agents.http };
    const sent = (secure ? https : http).request(url, options, (reply) => {
      const chunks: Buffer[] = [];
      reply.on('data', (chunk: Buffer) => chunks.push(chunk));
      reply.on('error', (error) => resolve({ problem: describe(error), stale: false }));
      reply.on('end', () => {
        const text = unpack(Buffer.concat(chunks), reply.headers['content-encoding']);
        resolve({ status: reply.statusCode ?? 0, headers: reply.headers, text });
      });
    });
    sent.setTimeout(timeoutMs, () => sent.destroy(new Error('Read timed out')));
    sent.on('error', (error: NodeJS.ErrnoException) => {
      resolve({ problem: describe(error), stale: sent.reusedSocket && error.code === 'ECONNRESET' });
    });
    sent.end(request.body);
  });
}

function unpack(bytes: Buffer, encoding: string | undefined): string {
  if (bytes.length === 0) return '';
  if (encoding === 'gzip') return gunzipSync(bytes).toString('utf8');
  if (encoding === 'deflate') return inflateSync(bytes).toString('utf8');
  if (encoding === 'br') return brotliDecompressSync(bytes).toString('utf8');
  return bytes.toString('utf8');
}

function describe(error: NodeJS.ErrnoException): string {
  if (error.code === 'ECONNREFUSED') return 'Connection refused: nothing answers at this address';
  return error.message || error.code || 'The connection broke';
}
