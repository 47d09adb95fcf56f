import { Buffer } from 'node:buffer';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ENTRA_FAULTS, type EntraFaultName } from './faults/entra-table.ts';
import type { Answer, Call, Fault, Forward, Plant } from './faults/fault.ts';
import { FAULTS, type FaultName } from './faults/table.ts';
import { parseJson } from './json.ts';
import { createTransport } from './transport.ts';

export interface FaultProxyOptions {
  /** The SCIM base URL of the server behind. */
  readonly target: string;
  /** Without one the proxy only passes on. */
  readonly fault?: FaultName | EntraFaultName;
}

export interface FaultProxy {
  readonly baseUrl: string;
  close(): Promise<void>;
}

/** A fault that both providers run into has one name and one plant. */
const TABLE: Record<FaultName | EntraFaultName, Pick<Fault, 'plant'>> = { ...FAULTS, ...ENTRA_FAULTS };

/** Stands before a SCIM server, on 127.0.0.1 and a free port, and makes it wrong in one named way: to judge the judge. */
export async function startFaultProxy({ target, fault }: FaultProxyOptions): Promise<FaultProxy> {
  const { origin, pathname } = new URL(target);
  const base = pathname.replace(/\/+$/, '');
  const transport = createTransport();
  const plant: Plant = fault === undefined ? (call, forward) => forward(call) : TABLE[fault].plant();
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', origin);
    const text = await bodyOf(request);
    const headers = passedOn(request);
    const forward: Forward = async (call) => {
      const query = call.query.size === 0 ? '' : `?${call.query}`;
      const body = call.body === undefined ? undefined : JSON.stringify(call.body);
      const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
      const sent = {
        method: call.method,
        url: `${origin}${base}${call.path}${query}`,
        headers: { ...headers, ...length },
      };
      const reply = await transport.send({ ...sent, body });
      if (reply.kind === 'broken') return { status: 502, headers: {}, text: reply.problem, json: undefined };
      return { status: reply.status, headers: flat(reply.headers), text: reply.text, json: parseJson(reply.text) };
    };
    const path = url.pathname.startsWith(base) ? url.pathname.slice(base.length) : url.pathname;
    const call: Call = {
      ...{ method: request.method ?? 'GET', path, query: url.searchParams },
      ...{ headers, body: parseJson(text) },
    };
    write(response, await plant(call, forward));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = async (): Promise<void> => {
    transport.close();
    await new Promise<void>((resolve) => server.close(() => resolve()).closeAllConnections());
  };
  return { baseUrl: `http://127.0.0.1:${port}${base}`, close };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

/** Without what belongs to the connection, and without compression: the plants read the text. */
function passedOn(request: IncomingMessage): Record<string, string> {
  return without(flat(request.headers), [
    'host',
    'connection',
    'content-length',
    'accept-encoding',
    'transfer-encoding',
  ]);
}

function flat(headers: IncomingMessage['headers']): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}

function without(headers: Record<string, string>, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name)));
}

function write(response: ServerResponse, { status, headers, text }: Answer): void {
  const kept = without({ ...headers }, [
    'connection',
    'keep-alive',
    'content-length',
    'transfer-encoding',
    'content-encoding',
  ]);
  response.writeHead(status, status === 204 ? kept : { ...kept, 'content-length': String(Buffer.byteLength(text)) });
  response.end(status === 204 ? undefined : text);
}
