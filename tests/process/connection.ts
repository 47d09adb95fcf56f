import { connect, type Socket } from 'node:net';

export interface Answer {
  readonly status: number;
  readonly body: Buffer;
}

export interface Connection {
  /** Sends one request and resolves with its whole answer; one at a time. Rejects when the connection breaks first. */
  exchange(request: Buffer): Promise<Answer>;
  close(): void;
}

/**
 * One keep-alive HTTP/1.1 connection over a bare socket. The load shares two cores with the server it measures, so this
 * reads a status, a length and a body, and nothing else: `node:http` and `fetch` cost the client 3 to 10 times as much
 * CPU a request, and a package such as autocannon would be one more dependency and could not check each answer's body
 * against its request.
 */
export async function openConnection(port: number): Promise<Connection> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  const waiting = answersOf(socket);
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  return {
    exchange: (request) =>
      new Promise((resolve, reject) => {
        if (socket.destroyed) return reject(new Error('the connection is closed'));
        waiting.resolve = resolve;
        waiting.reject = reject;
        socket.write(request);
      }),
    close: () => socket.destroy(),
  };
}

export interface RequestParts {
  readonly authorization?: string;
  /** JSON text. */
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The bytes of a request with the headers that Okta sends (but `Accept-Encoding`: answers are looked into). */
export function requestBytes(method: string, path: string, parts: RequestParts = {}): Buffer {
  const lines = [
    `${method} ${path} HTTP/1.1`,
    'Host: 127.0.0.1',
    'Accept: application/scim+json',
    'Accept-Charset: utf-8',
    'User-Agent: Okta SCIM Client 1.0.0',
    'Connection: Keep-Alive',
  ];
  if (parts.authorization !== undefined) lines.push(`Authorization: ${parts.authorization}`);
  for (const [name, value] of Object.entries(parts.headers ?? {})) lines.push(`${name}: ${value}`);
  if (parts.body !== undefined) {
    lines.push('Content-Type: application/scim+json; charset=utf-8');
    lines.push(`Content-Length: ${Buffer.byteLength(parts.body)}`);
  }
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${parts.body ?? ''}`);
}

interface Waiting {
  resolve: ((answer: Answer) => void) | undefined;
  reject: ((error: Error) => void) | undefined;
}

function answersOf(socket: Socket): Waiting {
  const waiting: Waiting = { resolve: undefined, reject: undefined };
  let received: Buffer = Buffer.alloc(0);
  let size = 0;
  socket.on('data', (piece: Buffer) => {
    // Most answers are one piece; the pieces of a long one are not copied again with each that comes.
    if (size === 0) received = piece;
    else {
      if (size + piece.length > received.length) received = widened(received, 2 * (size + piece.length));
      piece.copy(received, size);
    }
    size += piece.length;
    const answer = parseAnswer(received.subarray(0, size));
    if (answer === undefined) return;
    size = 0;
    const { resolve } = waiting;
    waiting.resolve = undefined;
    waiting.reject = undefined;
    resolve?.(answer);
  });
  const broken = (error: Error) => {
    const { reject } = waiting;
    waiting.resolve = undefined;
    waiting.reject = undefined;
    reject?.(error);
  };
  socket.on('error', broken);
  socket.on('close', () => broken(new Error('the server closed the connection')));
  return waiting;
}

function widened(received: Buffer, capacity: number): Buffer {
  const wider = Buffer.allocUnsafe(capacity);
  received.copy(wider);
  return wider;
}

/** The answer, once `received` holds all of it. */
function parseAnswer(received: Buffer): Answer | undefined {
  const headEnd = received.indexOf('\r\n\r\n');
  if (headEnd < 0) return undefined;
  const head = received.toString('latin1', 0, headEnd);
  const status = Number(head.slice(9, 12));
  const start = headEnd + 4;
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  if (length !== undefined) {
    const end = start + Number(length);
    return received.length < end ? undefined : { status, body: received.subarray(start, end) };
  }
  if (/\r\ntransfer-encoding: *chunked/i.test(head)) {
    const body = joinChunks(received, start);
    return body && { status, body };
  }
  return { status, body: Buffer.alloc(0) };
}

function joinChunks(received: Buffer, start: number): Buffer | undefined {
  // The last chunk ends every chunked answer; looking for it first spares re-reading a long one at each arrival.
  if (received.toString('latin1', received.length - 5) !== '0\r\n\r\n') return undefined;
  const chunks: Buffer[] = [];
  let at = start;
  for (;;) {
    const lineEnd = received.indexOf('\r\n', at);
    if (lineEnd < 0) return undefined;
    const size = Number.parseInt(received.toString('latin1', at, lineEnd), 16);
    if (size === 0) return Buffer.concat(chunks);
    if (received.length < lineEnd + 2 + size + 2) return undefined;
    chunks.push(received.subarray(lineEnd + 2, lineEnd + 2 + size));
    at = lineEnd + 2 + size + 2;
  }
}
