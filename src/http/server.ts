import { createServer, type IncomingMessage, type Server, type ServerOptions, type ServerResponse } from 'node:http';
import { type AddressInfo, Server as NetServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { Note } from '../directory/index.ts';
import type { Serve } from '../provisioning/index.ts';
import { createBodies } from './bodies.ts';
import { answerBroken } from './broken.ts';
import { findDoor, type ScimDoor } from './door.ts';
import { type HttpLimits, LIMITS } from './limits.ts';
import type { Log } from './log.ts';
import { readTarget, writeTarget } from './path.ts';
import type { RestOptions } from './rest.ts';
import { answerScim, type ScimExchange } from './scim.ts';

export interface HttpOptions {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly applications: readonly HttpApplication[];
  readonly serve: Serve;
  readonly health: RestOptions['health'];
  readonly log: Pick<Log, 'request' | 'error'>;
  /** Is told of each call of a known directory, after its reply. */
  readonly journal: Note;
  /** Where they are to differ from `LIMITS`. */
  readonly limits?: Partial<HttpLimits>;
}

export interface HttpApplication {
  readonly name: string;
  readonly basePath: string;
  readonly hosts: readonly string[];
  /** Its public URL, once the port is known; without a trailing slash. */
  readonly base: (port: number) => string;
}

export interface HttpServer {
  readonly port: number;
  /** From now on /readyz says no, and each reply is the last on its connection. Everything is served until `close`. */
  readonly drain: () => void;
  /** Takes nothing new, finishes what began (for ten seconds at most), and resolves when nothing runs any more. */
  readonly close: () => Promise<void>;
}

export const MAX_HEADER_BYTES = 32_768;
/** How long a connection that was busy a moment ago may bring one more request when the server stops. */
const PARTING_MS = 100;

/**
 * The doors: SCIM bases straight on node:http, everything else on Fastify, which is loaded when it is first asked for.
 *
 * @throws the system's error when the address cannot be had (`EADDRINUSE`, `EACCES`)
 */
export async function startHttpServer(options: HttpOptions): Promise<HttpServer> {
  const limits = { ...LIMITS, ...options.limits };
  let stopping = false;
  let latestAnswer = Number.NEGATIVE_INFINITY;
  let doors: readonly ScimDoor[] = [];
  let running = 0;
  let onQuiet: () => void = () => undefined;
  const { serve, log, journal } = options;
  const scim = { serve, log, journal, stopping: () => stopping, bodies: createBodies(limits), limits };
  const rest = lazyRest({
    health: options.health,
    stopping: () => stopping,
    onError: (error) => log.error({ err: error }),
    onUnready: (reason) => log.error({ reason }, 'not ready'),
  });

  const server = createServer(toServerOptions(limits), (request, response) => receive(request, response, undefined));
  server.on('checkContinue', (request, response) => receive(request, response, 'continue'));
  server.on('checkExpectation', (request, response) => receive(request, response, 'unknown'));
  // Without a listener node:http drops what comes after the 2,000th header field, unseen.
  server.maxHeadersCount = 0;
  server.timeout = limits.stalledMs;
  const remember = answerBroken(server);
  const port = await listen(server, options);
  doors = options.applications.map((application) => toDoor(application, port));
  return { port, drain, close };

  function receive(request: IncomingMessage, response: ServerResponse, expects: ScimExchange['expects']): void {
    remember(request, response);
    const target = readTarget(request.url ?? '');
    const found = target && findDoor(target.segments, target.authority ?? request.headers.host, doors);
    const answer =
      target === undefined || found !== undefined
        ? answerScim({ request, response, target, found, expects }, scim)
        : handOver(target, request, response);
    running += 1;
    void answer.then(onAnswered);
  }

  function onAnswered(): void {
    running -= 1;
    latestAnswer = performance.now();
    if (running === 0) onQuiet();
  }

  async function handOver(
    target: NonNullable<ReturnType<typeof readTarget>>,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    // One canonical decision: the next reader sees the path as it was understood here.
    request.url = writeTarget(target);
    (await rest())(request, response);
  }

  function drain(): void {
    stopping = true;
  }

  async function close(): Promise<void> {
    stopping = true;
    const late = setTimeout(() => server.closeAllConnections(), limits.closeMs);
    const closed = new Promise((resolve) => {
      // Takes no new connections; the server's own `close` would end those that are idle too.
      NetServer.prototype.close.call(server, resolve);
    });
    // Who is in the middle of a series of requests has its next one answered, and is told that it was the last.
    if (performance.now() - latestAnswer < PARTING_MS) await Promise.race([closed, pause(PARTING_MS)]);
    server.close();
    // A reply that began before the stop could not tell that it was the last on its connection.
    const idle = setInterval(() => server.closeIdleConnections(), PARTING_MS);
    await closed;
    clearInterval(idle);
    clearTimeout(late);
    if (running > 0) await new Promise<void>((resolve) => (onQuiet = resolve));
  }
}

function toServerOptions(limits: HttpLimits): ServerOptions {
  return {
    headersTimeout: limits.headMs,
    requestTimeout: limits.requestMs,
    connectionsCheckingInterval: limits.lookMs,
    keepAliveTimeout: limits.idleMs,
    maxHeaderSize: MAX_HEADER_BYTES,
    // Answered by us, in SCIM JSON.
    requireHostHeader: false,
  };
}

function lazyRest(options: RestOptions): () => Promise<(request: IncomingMessage, response: ServerResponse) => void> {
  let loaded: ReturnType<typeof import('./rest.ts').createRest> | undefined;
  return () => {
    loaded ??= import('./rest.ts').then(({ createRest }) => createRest(options));
    return loaded;
  };
}

function listen(server: Server, { host, port }: HttpOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function toDoor({ name, basePath, hosts, base }: HttpApplication, port: number): ScimDoor {
  return { application: name, base: base(port), segments: basePath.split('/').slice(1), hosts };
}
