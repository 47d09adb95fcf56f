import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Serve } from '../provisioning/index.ts';
import { answerBroken } from './broken.ts';
import { findDoor, type ScimDoor } from './door.ts';
import type { Log } from './log.ts';
import { readTarget, writeTarget } from './path.ts';
import type { RestOptions } from './rest.ts';
import { answerScim } from './scim.ts';

export interface HttpOptions {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly applications: readonly HttpApplication[];
  readonly serve: Serve;
  readonly health: RestOptions['health'];
  readonly log: Pick<Log, 'request' | 'error'>;
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
  /** Takes nothing new, finishes what began (for ten seconds at most), and resolves when nothing runs any more. */
  readonly close: () => Promise<void>;
}

/** Well below what an identity provider waits (Okta: 60 s for a reply); an upload of 32 MiB gets two minutes. */
const LIMITS = {
  headersTimeout: 20_000,
  requestTimeout: 120_000,
  connectionsCheckingInterval: 5_000,
  // Longer than the minute that load balancers keep idle connections for, so that they close first.
  keepAliveTimeout: 72_000,
  maxHeaderSize: 32_768,
  // Answered by us, in SCIM JSON.
  requireHostHeader: false,
} as const;
/** A socket on which nothing moves, such as that of a client that does not read its reply. */
const STALLED_MS = 120_000;
const CLOSE_WITHIN_MS = 10_000;

/**
 * The doors: SCIM bases straight on node:http, everything else on Fastify, which is loaded when it is first asked for.
 *
 * @throws the system's error when the address cannot be had (`EADDRINUSE`, `EACCES`)
 */
export async function startHttpServer(options: HttpOptions): Promise<HttpServer> {
  let stopping = false;
  let doors: readonly ScimDoor[] = [];
  const running = new Set<Promise<void>>();
  const scim = { serve: options.serve, log: options.log, stopping: () => stopping };
  const rest = lazyRest({
    health: options.health,
    stopping: () => stopping,
    onError: (error) => options.log.error({ err: error }),
    onUnready: (reason) => options.log.error({ reason }, 'not ready'),
  });

  const server = createServer(LIMITS, (request, response) => receive(request, response, false));
  server.on('checkContinue', (request, response) => receive(request, response, true));
  // Without a listener node:http drops what comes after the 2,000th header field, unseen.
  server.maxHeadersCount = 0;
  server.timeout = STALLED_MS;
  answerBroken(server);
  const port = await listen(server, options);
  doors = options.applications.map((application) => toDoor(application, port));
  return { port, close };

  function receive(request: IncomingMessage, response: ServerResponse, withheld: boolean): void {
    const target = readTarget(request.url ?? '');
    const found = target && findDoor(target.segments, target.authority ?? request.headers.host, doors);
    const answer =
      target === undefined || found !== undefined
        ? answerScim({ request, response, target, found, withheld }, scim)
        : handOver(target, request, response);
    running.add(answer);
    void answer.finally(() => running.delete(answer));
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

  async function close(): Promise<void> {
    stopping = true;
    const late = setTimeout(() => server.closeAllConnections(), CLOSE_WITHIN_MS);
    await new Promise((resolve) => {
      server.close(resolve);
    });
    clearTimeout(late);
    await Promise.allSettled(running);
  }
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
