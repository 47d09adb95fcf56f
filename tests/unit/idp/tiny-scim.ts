import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * A SCIM server small enough to be seen through, in memory, for testing the simulator itself: it answers what Okta sends
 * and nothing else. What the product does is tested against the product.
 */
export interface TinyScim {
  readonly baseUrl: string;
  readonly token: string;
  /** Request line and headers of everything asked, newest last. */
  readonly seen: { method: string; url: string; headers: IncomingMessage['headers']; body: string }[];
  close(): Promise<void>;
}

type Row = Record<string, unknown>;
type Kind = 'Users' | 'Groups';

const URN = 'urn:ietf:params:scim:schemas:core:2.0:';
const MESSAGE = 'urn:ietf:params:scim:api:messages:2.0:';
const TOKEN = 'tiny-token-0123456789';

export async function startTinyScim(): Promise<TinyScim> {
  const rows: Record<Kind, Map<string, Row>> = { Users: new Map(), Groups: new Map() };
  const seen: TinyScim['seen'] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString('utf8');
    seen.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, body });
    try {
      answer(request, response, { rows, body, base: `http://${request.headers.host}/scim/v2` });
    } catch (thrown) {
      const { status, detail } = thrown instanceof Refusal ? thrown : { status: 500, detail: String(thrown) };
      send(response, status, { schemas: [`${MESSAGE}Error`], status: String(status), detail });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()).closeAllConnections());
  return { baseUrl: `http://127.0.0.1:${port}/scim/v2`, token: TOKEN, seen, close };
}

class Refusal extends Error {
  readonly status: number;
  readonly detail: string;
  constructor(status: number, detail: string) {
    super(detail);
    this.status = status;
    this.detail = detail;
  }
}

interface Ask {
  readonly rows: Record<Kind, Map<string, Row>>;
  readonly body: string;
  readonly base: string;
}

function answer(request: IncomingMessage, response: ServerResponse, { rows, body, base }: Ask): unknown {
  if (!isAuthorized(request.headers.authorization ?? '')) {
    response.setHeader('WWW-Authenticate', 'Bearer');
    throw new Refusal(401, 'This token is not known.');
  }
  const url = new URL(request.url ?? '', base);
  const [, kind, id] = /^\/scim\/v2\/(Users|Groups)(?:\/([^/]+))?$/.exec(url.pathname) ?? [];
  if (kind !== 'Users' && kind !== 'Groups') throw new Refusal(404, 'Nothing is here.');
  const table = rows[kind];
  const json = body === '' ? {} : (JSON.parse(body) as Row);
  const found = (row: Row) => shown(row, { kind, base, groups: rows.Groups });
  if (request.method === 'GET' && id === undefined) return list(response, [...table.values()].map(found), url);
  if (request.method === 'POST') {
    const { row, status } = create(table, json, kind);
    response.setHeader('Location', `${base}/${kind}/${row.id}`);
    return send(response, status, found(row));
  }
  const row = table.get(id ?? '');
  if (row === undefined) throw new Refusal(404, `There is no ${kind} with the id ${id}.`);
  if (request.method === 'GET') return send(response, 200, found(row));
  if (request.method === 'PUT') table.set(row.id as string, replaced(row, json));
  if (request.method === 'PATCH') for (const operation of json.Operations as Row[]) patch(row, operation);
  if (request.method === 'DELETE') {
    table.delete(row.id as string);
    for (const group of rows.Groups.values()) {
      group.members = listOf(group.members).filter((each) => each.value !== row.id);
    }
  }
  if (request.method === 'PUT') return send(response, 200, found(table.get(row.id as string) ?? row));
  return send(response, 204, undefined);
}

function isAuthorized(header: string): boolean {
  const basic = /^Basic (.+)$/.exec(header)?.[1];
  if (basic) return Buffer.from(basic, 'base64').toString('utf8').endsWith(`:${TOKEN}`);
  return header.replace(/^Bearer /i, '') === TOKEN;
}

function list(response: ServerResponse, all: Row[], url: URL): void {
  const [, name, text] = /^(\w+) eq ("(?:[^"\\]|\\.)*")$/.exec(url.searchParams.get('filter') ?? '') ?? [];
  const wanted = text === undefined ? undefined : fold(JSON.parse(text));
  const matching = name === undefined ? all : all.filter((row) => fold(row[name]) === wanted);
  const startIndex = Number(url.searchParams.get('startIndex') ?? 1);
  const Resources = matching.slice(startIndex - 1, startIndex - 1 + Number(url.searchParams.get('count') ?? 100));
  const numbers = { totalResults: matching.length, startIndex, itemsPerPage: Resources.length };
  send(response, 200, { schemas: [`${MESSAGE}ListResponse`], ...numbers, Resources });
}

function fold(value: unknown): string {
  return String(value).normalize('NFC').toUpperCase();
}

function create(table: Map<string, Row>, json: Row, kind: Kind): { row: Row; status: number } {
  const key = kind === 'Users' ? 'userName' : 'displayName';
  if (typeof json[key] !== 'string') throw new Refusal(400, `${key} is required.`);
  const clash = [...table.values()].find((row) => fold(row[key]) === fold(json[key]));
  if (clash && clash.active !== false) throw new Refusal(409, `${key} ${json[key]} is taken.`);
  const row = clash ? replaced(clash, json) : { ...cleaned(json), id: randomUUID(), created: new Date().toISOString() };
  if (kind === 'Users') row.active ??= true;
  table.set(row.id as string, row);
  return { row, status: 201 };
}

function replaced(row: Row, json: Row): Row {
  const next: Row = { ...cleaned(json), id: row.id, created: row.created };
  const name = next.name as Row | undefined;
  if (name?.formatted !== undefined && name.formatted === (row.name as Row | undefined)?.formatted)
    delete name.formatted;
  return 'userName' in row ? { ...next, active: next.active ?? row.active } : next;
}

/** Without what is read-only or secret, and without what is unset. */
function cleaned(json: Row): Row {
  const { password, groups, meta, ...kept } = json;
  return pruned(kept) as Row;
}

function pruned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(pruned);
  if (typeof value !== 'object' || value === null) return value;
  const isSet = ([, each]: [string, unknown]) =>
    each !== null && each !== '' && !(Array.isArray(each) && each.length === 0);
  const entries = Object.entries(value).map(([name, each]): [string, unknown] => [name, pruned(each)]);
  return Object.fromEntries(entries.filter(isSet).filter(([, each]) => !isEmptyObject(each)));
}

function isEmptyObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length === 0;
}

function patch(row: Row, { op, path, value }: Row): void {
  const one = /^members\[value eq "(.+)"\]$/.exec(String(path))?.[1];
  if (one !== undefined) {
    row.members = listOf(row.members).filter((each) => each.value !== one);
  } else if (op === 'add' && path === 'members') {
    const present = new Set(listOf(row.members).map((each) => each.value));
    row.members = [...listOf(row.members), ...listOf(value).filter((each) => !present.has(each.value))];
  } else if (op === 'remove') {
    removeAt(row, String(path));
  } else {
    const { id, password, ...values } = (path === undefined ? value : { [String(path)]: value }) as Row;
    for (const [name, each] of Object.entries(values)) {
      const isPart = typeof each === 'object' && each !== null && !Array.isArray(each);
      row[name] = isPart ? mergedInto((row[name] ?? {}) as Row, each as Row) : each;
    }
  }
  const members = row.members;
  Object.assign(row, pruned(row));
  for (const name of Object.keys(row)) if (!(name in (pruned(row) as Row))) delete row[name];
  if (members !== undefined) row.members = members;
}

function mergedInto(old: Row, values: Row): Row {
  return { ...old, ...values };
}

function removeAt(row: Row, path: string): void {
  const extension = /^(urn:.+:User):(\w+)$/.exec(path);
  const [parent, name] = extension ? [extension[1], extension[2]] : path.split('.');
  if (name === undefined) delete row[parent as string];
  else delete (row[parent as string] as Row | undefined)?.[name];
}

interface View {
  readonly kind: Kind;
  readonly base: string;
  readonly groups: Map<string, Row>;
}

function shown(row: Row, { kind, base, groups }: View): Row {
  const { created, ...kept } = row;
  const location = `${base}/${kind}/${row.id}`;
  const meta = { resourceType: kind.slice(0, -1), created, location };
  const extension = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
  const schemas = [`${URN}${meta.resourceType}`, ...(extension in row ? [extension] : [])];
  if (kind === 'Groups') return { ...kept, schemas, members: listOf(row.members), meta };
  const memberOf = [...groups.values()].filter((group) => listOf(group.members).some(({ value }) => value === row.id));
  return {
    ...kept,
    schemas,
    groups: memberOf.map(({ id, displayName }) => ({ value: id, display: displayName })),
    meta,
  };
}

function listOf(value: unknown): Row[] {
  return Array.isArray(value) ? (value as Row[]) : [];
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.statusCode = status;
  if (body === undefined) {
    response.end();
    return;
  }
  response.setHeader('Content-Type', 'application/scim+json');
  response.end(JSON.stringify(body));
}
