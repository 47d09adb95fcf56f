import {
  compareSortKeys,
  type JsonObject,
  listResponse,
  matches,
  project,
  type Resource,
  type ResourceType,
  ScimError,
  type ScimRequest,
  type Selection,
  shorten,
  sortKey,
} from '../scim/index.ts';
import type { Call, Reply } from './call.ts';
import type { Caller } from './caller.ts';
import type { Cursors } from './cursor.ts';

type Reading = Extract<ScimRequest, { kind: 'read' | 'query' }>;

export interface Declaring {
  readonly call: Call;
  readonly caller: Caller;
  readonly cursors: Cursors;
  /** The rewrites that made the request legal. */
  readonly used: ReadonlySet<string>;
}

/** Whether the request is about resources that the operator declares: those stand in the configuration, not in the store. */
export function isDeclared(request: ScimRequest): request is Reading {
  if (request.kind === 'query') return request.selections.every(({ type }) => type.declared !== undefined);
  return request.type.declared !== undefined;
}

/**
 * `GET /Roles`, `GET /Licenses/pro`: as any resource type is read, from what `joinery.config.ts` says. They have no version
 * and no dates: they change with the configuration.
 *
 * @throws ScimError 404
 */
export function readDeclared(request: Reading, declaring: Declaring): Reply {
  const { caller, used } = declaring;
  const { headers, body } = request.kind === 'read' ? one(request, declaring) : list(request, declaring);
  return {
    status: 200,
    headers: { 'content-type': 'application/scim+json', ...headers },
    body: JSON.stringify(body),
    note: {
      directory: caller.directory.id,
      credential: caller.by.id,
      outcome: request.kind === 'read' ? 'found' : 'listed',
      ...(used.size === 0 ? {} : { rewrites: [...used] }),
    },
  };
}

interface Told {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: JsonObject;
}

function one({ type, id, view }: Extract<Reading, { kind: 'read' }>, { call }: Declaring): Told {
  const found = resourcesOf(type, call.base).find((resource) => resource.id === id);
  if (found === undefined) throw ScimError.notFound(`There is no ${type.name} with the id "${shorten(id)}" here.`);
  const location = `${call.base}${type.endpoint}/${id}`;
  return { headers: { location, 'content-location': location }, body: project(type, found, view) };
}

function list({ selections, query, walk }: Extract<Reading, { kind: 'query' }>, { call, cursors }: Declaring): Told {
  const found = selections.flatMap((selection) => selected(selection, call.base));
  if (query.sorted !== undefined) {
    const sign = query.sorted === 'descending' ? -1 : 1;
    found.sort((a, b) => sign * compareSortKeys(a.key, b.key));
  }
  const [after] = query.after ?? [];
  const first = typeof after === 'number' ? after : query.startIndex - 1;
  const page = found.slice(first, first + query.count).map(({ shown }) => shown);
  const end = first + page.length;
  const body = listResponse(found.length, query.startIndex, page);
  if (walk === undefined) return { headers: {}, body };
  // RFC 9865 §2: where a cursor pages, nothing is counted from the start.
  const { startIndex: _, ...paged } = body;
  if (page.length > 0 && end < found.length) paged.nextCursor = cursors.seal([end], walk);
  return { headers: {}, body: paged };
}

function selected({ type, filter, sortBy, view }: Selection, base: string) {
  return resourcesOf(type, base)
    .filter((resource) => filter === undefined || matches(filter, resource))
    .map((resource) => ({
      key: sortBy === undefined ? undefined : sortKey(sortBy, resource),
      shown: project(type, resource, view),
    }));
}

function resourcesOf({ name, endpoint, declared }: ResourceType, base: string): readonly Resource[] {
  return (declared?.resources ?? []).map((resource) => ({
    ...resource,
    meta: { resourceType: name, location: `${base}${endpoint}/${resource.id}` },
  }));
}
