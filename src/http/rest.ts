import type { IncomingMessage, ServerResponse } from 'node:http';
import Fastify, { type FastifyReply } from 'fastify';

export interface RestOptions {
  /** Whether the instance can serve; `reason`, why not, is for the log only. */
  readonly health: () => Promise<{ readonly ready: boolean; readonly reason: string | undefined }>;
  readonly stopping: () => boolean;
  readonly onError: (error: unknown) => void;
  readonly onUnready: (reason: string | undefined) => void;
}

/**
 * All that is not SCIM, on Fastify:
 *
 *     GET /          {"name":"joinery","description":"…"}
 *     GET /healthz   200 while the process answers
 *     GET /readyz    200 while it can serve, 503 while it cannot, and from the moment that it was asked to stop
 *
 * Everything else, and every error, is problem JSON (RFC 9457).
 */
export async function createRest(
  options: RestOptions,
): Promise<(request: IncomingMessage, response: ServerResponse) => void> {
  const fastify = Fastify({ logger: false, frameworkErrors: (_error, _request, reply) => problem(reply, 400) });
  fastify.addHook('onSend', async (_request, reply) => {
    reply.header('cache-control', 'no-store').header('x-content-type-options', 'nosniff');
    if (options.stopping()) reply.header('connection', 'close');
  });
  fastify.addHook('onRequest', async (request, reply) => {
    const { expect } = request.headers;
    if (expect !== undefined && !CONTINUE.test(expect) && request.raw.httpVersion === '1.1') return problem(reply, 417);
  });
  fastify.setNotFoundHandler((_request, reply) => problem(reply, 404));
  fastify.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
    const status = error.statusCode ?? 500;
    if (status >= 500) options.onError(error);
    return problem(reply, status);
  });

  fastify.get('/', async () => ({ name: 'joinery', description: 'A SCIM 2.0 provisioning server' }));
  fastify.get('/healthz', async () => ({ status: 'ok' }));
  fastify.get('/readyz', async (_request, reply) => {
    if (options.stopping()) return reply.code(503).send({ status: 'draining' });
    const { ready, reason } = await options.health();
    if (ready) return { status: 'ready' };
    options.onUnready(reason);
    return reply.code(503).send({ status: 'unavailable' });
  });

  await fastify.ready();
  return (request, response) => fastify.routing(request, response);
}

/** RFC 9110 §10.1.1 */
const CONTINUE = /^\s*100-continue\s*$/i;

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  404: 'Not Found',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  417: 'Expectation Failed',
};

function problem(reply: FastifyReply, status: number): FastifyReply {
  const known = TITLES[status] === undefined ? 500 : status;
  return reply
    .code(known)
    .type('application/problem+json')
    .send(JSON.stringify({ type: 'about:blank', title: TITLES[known] ?? 'Internal Server Error', status: known }));
}
