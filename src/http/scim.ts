import { randomUUIDv7 } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Note } from '../directory/index.ts';
import { type Call, type Reply, ScimError, type Serve, withoutSecrets } from '../provisioning/index.ts';
import type { Bodies, BodyRoom } from './bodies.ts';
import { readBody } from './body.ts';
import type { Found } from './door.ts';
import { journalEntry } from './journal-entry.ts';
import type { HttpLimits } from './limits.ts';
import type { Log } from './log.ts';
import { type RequestTarget, shownPath } from './path.ts';
import { endOfTurn } from './turn.ts';
import { writeReply } from './write.ts';

export interface ScimOptions {
  readonly serve: Serve;
  readonly log: Pick<Log, 'request' | 'error'>;
  readonly journal: Note;
  readonly stopping: () => boolean;
  readonly bodies: Bodies;
  readonly limits: HttpLimits;
}

/** A request that SCIM answers: `found` and `target` are undefined for a target that has no canonical form. */
export interface ScimExchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly target: RequestTarget | undefined;
  readonly found: Found | undefined;
  /**
   * What its Expect header asks for (RFC 9110 §10.1.1): `continue` until the client, which waits for it before it sends
   * its body, is told; `unknown` is nothing that anybody knows.
   */
  expects: 'continue' | 'unknown' | undefined;
  /** The room that its body has, once it was asked for. */
  room?: BodyRoom;
  /** Its body, for the journal; of a long one what the journal shows. */
  sent?: string | { readonly shown: string };
}

/** Answers one request below (or beside) a SCIM base, and logs it as one line. Never rejects. */
export async function answerScim(exchange: ScimExchange, options: ScimOptions): Promise<void> {
  const begun = performance.now();
  const { request, response } = exchange;
  const requestId = randomUUIDv7();
  const turn = endOfTurn();
  let reply: Reply;
  try {
    reply = await options.serve(toCall(exchange, requestId, options.bodies));
  } catch (error) {
    reply = refused(error, requestId);
  }
  exchange.room?.leave();
  // Short replies of one turn go out together: each alone wakes its reader up, which costs as much as all that led to it.
  if (isShort(reply)) await turn;
  const withheld = exchange.expects === 'continue';
  // Whoever has left by now is not told; of a reply in pieces that shows at its end.
  let isAborted = hasLeft(exchange);
  let cut: unknown;
  try {
    const { limits, stopping } = options;
    await writeReply(reply, { request, response, requestId, withheld, last: stopping(), limits });
  } catch (error) {
    cut = error;
  }
  if (typeof reply.body === 'object') isAborted ||= !response.writableFinished && hasLeft(exchange);
  const ms = performance.now() - begun;
  const { target, found } = exchange;
  const path = target && shownPath(target.segments, found?.known ?? 0);
  logLine({ method: request.method, path, requestId, reply, cut, ms }, options.log);
  const entry = journalEntry({ exchange, path, requestId, reply, ms, isAborted });
  if (entry !== undefined) options.journal(entry);
}

function hasLeft({ request, response }: ScimExchange): boolean {
  return response.destroyed || request.socket.destroyed;
}

/** What waits for the others of its turn must not fill the memory. */
const SHORT = 16_384;

function isShort({ body }: Reply): boolean {
  return typeof body !== 'object' && (body === undefined || body.length <= SHORT);
}

function refused(error: unknown, requestId: string): Reply {
  if (error instanceof ScimError) return refusal(error);
  // `serve` never rejects: should it all the same, the client still gets an answer, and the operator the cause.
  const told = ScimError.internal(
    `Something went wrong here. Give the request id ${requestId} to who runs this service.`,
  );
  return refusal(told, error);
}

/** @throws ScimError for what is refused at the door */
function toCall(exchange: ScimExchange, requestId: string, bodies: Bodies): Call {
  const { request, response, target, found } = exchange;
  const { headers } = request;
  checkHeaders(request);
  if (exchange.expects === 'unknown') {
    throw ScimError.expectationFailed('The Expect header field asks for something that is not known here.');
  }
  if (target === undefined || found === undefined) {
    throw ScimError.notFound(
      'There is nothing at this path: it has encoded slashes, dots, ";" or escapes that no address here has.',
    );
  }
  if (found.kind === 'version') {
    // RFC 7644 §3.13
    throw ScimError.invalidVers(`This service speaks SCIM version 2 (…/v2), not ${JSON.stringify(found.version)}.`);
  }
  if (found.kind === 'beside') throw ScimError.notFound('There is nothing at this path. Check the SCIM base URL.');
  if (request.method === 'TRACE') {
    throw ScimError.methodNotAllowed('TRACE is not answered here.', [
      'GET',
      'HEAD',
      'POST',
      'PUT',
      'PATCH',
      'DELETE',
      'OPTIONS',
    ]);
  }
  return {
    // RFC 9110 §9.3.2: as GET, without the body, which `writeReply` leaves out.
    method: request.method === 'HEAD' ? 'GET' : (request.method ?? 'GET'),
    segments: found.rest,
    query: target.query,
    headers: {
      authorization: headers.authorization,
      accept: headers.accept,
      contentType: headers['content-type'],
      contentEncoding: headers['content-encoding'],
      ifMatch: headers['if-match'],
      ifNoneMatch: headers['if-none-match'],
    },
    body: (limit, directory) => {
      const room = bodies.open(directory);
      exchange.room = room;
      return readBody(request, { limit, room, begin }).then((text) => {
        exchange.sent = text.length > SHORT ? { shown: withoutSecrets(text) } : text;
        return text;
      });
    },
    base: found.door.base,
    application: found.door.application,
    ...(found.slug === undefined ? {} : { slug: found.slug }),
    requestId,
  };

  function begin(): void {
    if (exchange.expects === 'continue') response.writeContinue();
    exchange.expects = undefined;
  }
}

export const MOST_HEADERS = 200;
export const LONGEST_TARGET = 16_384;
/** The headers that something here goes by. Others may hold what they like, as proxies put city names into theirs. */
const READ = [
  'authorization',
  'accept',
  'content-type',
  'content-encoding',
  'if-match',
  'if-none-match',
  'host',
] as const;

/**
 * node:http has joined or dropped repeated headers by now, so those that must not repeat are counted as they came.
 *
 * @throws ScimError 400, 414 or 431
 */
function checkHeaders({ rawHeaders, headers, httpVersion, url = '' }: IncomingMessage): void {
  if (url.length > LONGEST_TARGET) {
    throw ScimError.uriTooLong(`The URL is longer than ${LONGEST_TARGET} characters, the most that is taken here.`);
  }
  if (rawHeaders.length > 2 * MOST_HEADERS) {
    throw ScimError.headersTooLarge(`The request has more than ${MOST_HEADERS} header fields.`);
  }
  const { protos, authorizations, hosts } = countNames(rawHeaders);
  if (protos > 0) {
    throw ScimError.badRequest('The request has a header field named "__proto__".');
  }
  if (authorizations > 1) {
    throw ScimError.badRequest('The request has two Authorization header fields; expected one.');
  }
  // RFC 9112 §3.2
  if (hosts > 1 || (hosts === 0 && httpVersion === '1.1')) {
    throw ScimError.badRequest(
      `The request has ${hosts === 0 ? 'no Host header field' : 'two Host header fields'}; expected one.`,
    );
  }
  const read = `${headers.authorization}${headers.accept}${headers['content-type']}${headers['content-encoding']}${headers['if-match']}${headers['if-none-match']}${headers.host}`;
  if (NOT_ASCII.test(read)) {
    const name = READ.find((one) => NOT_ASCII.test(headers[one] ?? ''));
    throw ScimError.badRequest(`The header field "${name}" holds a character that is not ASCII.`);
  }
}

const NOT_ASCII = /[^\t\x20-\x7e]/;

function countNames(rawHeaders: readonly string[]): { protos: number; authorizations: number; hosts: number } {
  const counts = { protos: 0, authorizations: 0, hosts: 0 };
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? '';
    if (name.length === 4) counts.hosts += isNamed(name, 'host');
    else if (name.length === 9) counts.protos += isNamed(name, '__proto__');
    else if (name.length === 13) counts.authorizations += isNamed(name, 'authorization');
  }
  return counts;
}

function isNamed(name: string, wanted: string): 0 | 1 {
  return name.toLowerCase() === wanted ? 1 : 0;
}

function refusal(error: ScimError, logged?: unknown): Reply {
  return {
    status: error.status,
    headers: { 'content-type': 'application/scim+json', ...error.headers },
    body: JSON.stringify(error),
    note: { outcome: 'refused', ...(logged === undefined ? {} : { logged }) },
  };
}

interface Line {
  readonly method: string | undefined;
  /** Undefined for a target that has no canonical form. */
  readonly path: string | undefined;
  readonly requestId: string;
  readonly reply: Reply;
  /** What cut a long reply off in the middle. */
  readonly cut: unknown;
  readonly ms: number;
}

/** Never headers, never a query (it may hold what a filter looks for), never a body. */
function logLine({ method, path, requestId, reply, cut, ms }: Line, log: ScimOptions['log']): void {
  const { directory, credential, outcome, rewrites, ignored, logged } = reply.note;
  const line = {
    'request-id': requestId,
    method,
    path,
    status: reply.status,
    ms: Math.round(ms * 1000) / 1000,
    directory,
    credential,
    outcome,
    rewrites,
    ignored,
  };
  // 501 is a client's wish for what is not offered: nothing that an operator could mend.
  if ((reply.status < 500 || reply.status === 501) && cut === undefined) log.request(line);
  else log.error({ ...line, err: cut ?? logged });
}
