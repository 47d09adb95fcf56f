import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { ScimError } from '../provisioning/index.ts';

/**
 * Answers what never becomes a request: bytes that are not HTTP, headers that are too large or too slow, CONNECT. The
 * path is not known then, so all of it is SCIM JSON, and the connection closes. What it returns is to be told of every
 * request that does become one.
 */
export function answerBroken(server: Server): (request: IncomingMessage, response: ServerResponse) => void {
  const latest = new WeakMap<Duplex, Latest>();
  server.on('clientError', (error: Error & { code?: string }, socket) => {
    const answerable = error.code !== 'ECONNRESET' && socket.writable && mayAnswer(latest.get(socket));
    if (answerable) socket.end(rawReply(toRefusal(error)));
    else socket.destroy();
  });

  server.on('connect', (_request, socket) => {
    socket.on('error', () => socket.destroy());
    socket.end(rawReply(ScimError.methodNotAllowed('CONNECT is not answered here.', ALLOWED)));
  });

  return ({ socket }, response) => {
    const before = latest.get(socket)?.response;
    latest.set(socket, { response, before: before?.writableFinished ? undefined : before });
  };
}

/** The last reply of a connection, and the one before it until that is gone: replies go out in order, so then all are. */
interface Latest {
  readonly response: ServerResponse;
  readonly before: ServerResponse | undefined;
}

const ALLOWED = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/**
 * An answer must not be taken for that of an earlier request on the connection: it is given when there is none, or when
 * the only one is the request whose own body is broken.
 */
function mayAnswer(latest: Latest | undefined): boolean {
  if (latest === undefined || latest.response.writableFinished) return true;
  const { response, before } = latest;
  return (before === undefined || before.writableFinished) && !response.req.complete && !response.headersSent;
}

function toRefusal({ code }: { code?: string }): ScimError {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return ScimError.headersTooLarge('The header fields of the request, or its URL, are too large.');
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return ScimError.requestTimeout('The request took too long to arrive.');
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return ScimError.tooLarge('The chunk extensions of the body are too large.');
    default:
      return ScimError.badRequest('The request is not valid HTTP.');
  }
}

function rawReply(error: ScimError): string {
  const body = JSON.stringify(error);
  const headers = {
    'content-type': 'application/scim+json',
    ...error.headers,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'content-length': String(Buffer.byteLength(body)),
    connection: 'close',
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${error.status} ${STATUS_CODES[error.status]}\r\n${lines.join('')}\r\n${body}`;
}
