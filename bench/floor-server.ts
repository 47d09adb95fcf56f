import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import type { DatabaseSync } from 'node:sqlite';

export type Answer = readonly [status: number, body?: string];

/** What one hand-written server does with a request, once it is known who asks. */
export interface Floor {
  readonly database: DatabaseSync;
  readonly read: (kind: string, id: string, search: string) => Answer;
  /** `what`: `POST Users`. Returns what changes rows; its answer is sent once they are on disk. */
  // biome-ignore lint/suspicious/noExplicitAny: the references trust what they are sent
  readonly change: (what: string, id: string, sent: any) => () => Answer;
}

/**
 * What both hand-written references (floor.ts, floor-with-history.ts) are around their statements: `node:http`, a token by
 * its SHA-256 in constant time, bodies that are JSON, and one commit for all writes of a turn of the event loop. Each
 * answer waits for that commit. It prints its address as its first line.
 */
export function serveFloor({ database, read, change }: Floor, token: string): void {
  const secret = sha256(token);
  let queue: Write[] = [];

  const server = createServer((request, response) => {
    const presented = sha256(request.headers.authorization?.slice(7) ?? '');
    if (!timingSafeEqual(presented, secret)) return send(response, [401, '{}']);
    const [path = '', search = ''] = (request.url ?? '').split('?', 2);
    const [, , , kind = '', id = ''] = path.split('/');
    if (request.method === 'GET') return send(response, read(kind, id, search));
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const text = Buffer.concat(pieces).toString();
      write(response, change(`${request.method} ${kind}`, id, text === '' ? {} : JSON.parse(text)));
    });
  });

  function write(response: ServerResponse, run: Write['run']): void {
    if (queue.length === 0) setImmediate(commitQueue);
    queue.push({ run, response });
  }

  function commitQueue(): void {
    const writes = queue;
    queue = [];
    database.exec('BEGIN IMMEDIATE');
    const answers = writes.map(({ run }) => run());
    database.exec('COMMIT');
    for (const [index, { response }] of writes.entries()) send(response, answers[index] ?? [500]);
  }

  server.listen(0, '127.0.0.1', () => console.log(JSON.stringify(server.address())));
}

interface Write {
  readonly run: () => Answer;
  readonly response: ServerResponse;
}

function send(response: ServerResponse, [status, body]: Answer): void {
  if (body === undefined) {
    response.writeHead(status).end();
    return;
  }
  const headers = { 'content-type': 'application/scim+json', 'content-length': Buffer.byteLength(body) };
  response.writeHead(status, headers).end(body);
}

export function list(bodies: readonly string[], count: number, start: number): string {
  return `{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":${count},"startIndex":${start},"itemsPerPage":${bodies.length},"Resources":[${bodies.join(',')}]}`;
}

/** The userName that `filter=userName eq "…"` asks for, folded; or which page is asked for. */
export function asked(search: string): { name?: string; start: number; count: number } {
  const query = new URLSearchParams(search);
  const name = /^userName eq "(.*)"$/.exec(query.get('filter') ?? '')?.[1];
  const page = { start: Number(query.get('startIndex')), count: Number(query.get('count')) };
  return name === undefined ? page : { name: name.toLowerCase(), ...page };
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
