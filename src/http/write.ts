import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Reply } from '../provisioning/index.ts';
import type { HttpLimits } from './limits.ts';

const LONG = 16_384;

export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly requestId: string;
  /** The client waits to be told to send its body, and was not told. */
  readonly withheld: boolean;
  /** Set while the server stops: this reply is the last one on its connection. */
  readonly last: boolean;
  readonly limits: Pick<HttpLimits, 'replyMs' | 'lingerMs'>;
}

/**
 * Writes a reply. Text goes out in one piece with its length; a sequence of chunks goes out as fast as the client reads,
 * and is ended (`return()`) when the client leaves. Resolves when all of it is handed over.
 *
 * @throws what the sequence throws; the reply is then cut off, which the client can tell
 */
export async function writeReply(reply: Reply, exchange: Exchange): Promise<void> {
  const { request, response } = exchange;
  const { body } = reply;
  const withoutBody = request.method === 'HEAD';
  // A body that was refused, or not asked for, is still on its way: nothing can follow on this connection.
  const unread = !request.complete;
  const headers = headersOf(reply, exchange, unread || exchange.last);

  if (typeof body === 'object') {
    response.writeHead(reply.status, headers);
    if (withoutBody) await skip(body);
    return withoutBody ? void response.end() : pour(body, exchange);
  }
  // A long text is turned into bytes once, not once for its length and once for the socket.
  const bytes = body !== undefined && body.length > LONG ? Buffer.from(body) : body;
  if (bytes !== undefined) headers.push('content-length', String(Buffer.byteLength(bytes)));
  response.writeHead(reply.status, headers);
  // Closing with unread bytes would reset the connection before the client has read the reply.
  if (unread && !exchange.withheld) {
    if (bytes === undefined || withoutBody) response.flushHeaders();
    else response.write(bytes);
    await linger(request, exchange.limits.lingerMs);
    response.end();
    return;
  }
  response.end(withoutBody ? undefined : bytes);
  if (typeof bytes === 'object' && response.writableLength > 0) endWithin(exchange.limits.replyMs, response);
}

function headersOf(reply: Reply, { requestId }: Exchange, closes: boolean): string[] {
  const headers: string[] = [];
  for (const name of Object.keys(reply.headers)) headers.push(name, reply.headers[name] ?? '');
  // People's data: kept by no cache, taken for no other type than it says (T-HTTP-08).
  headers.push('cache-control', 'no-store', 'x-content-type-options', 'nosniff', 'x-request-id', requestId);
  if (closes) headers.push('connection', 'close');
  return headers;
}

async function pour(chunks: AsyncIterable<string>, { response, limits }: Exchange): Promise<void> {
  endWithin(limits.replyMs, response);
  try {
    for await (const chunk of chunks) {
      if (response.destroyed) return;
      if (!response.write(chunk)) await drained(response);
    }
    response.end();
  } catch (error) {
    response.destroy();
    throw error;
  }
}

/**
 * A client that takes a few bytes a minute never stands still, and has to be cut off all the same: what it does not read
 * holds memory, and in chunks a moment of the database.
 */
function endWithin(ms: number, response: ServerResponse): void {
  // Who left while the reply was made is not told of again.
  if (response.destroyed) return;
  const late = setTimeout(() => response.destroy(), ms);
  response.once('close', () => clearTimeout(late));
}

/** A sequence that never began does not let go of what it holds (a snapshot): it has to be begun, and then ended. */
async function skip(chunks: AsyncIterable<string>): Promise<void> {
  for await (const _first of chunks) return;
}

/** Resolves also when the client leaves, or stops reading for as long as the server's timeout allows. */
function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      response.off('drain', done).off('close', done);
      resolve();
    };
    response.on('drain', done).on('close', done);
    if (response.destroyed) done();
  });
}

/** Takes what still comes, to throw it away. */
function linger(request: IncomingMessage, ms: number): Promise<void> {
  if (request.destroyed || request.socket.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(done, ms);
    request.once('end', done).once('close', done).once('error', done).resume();
  });
}
