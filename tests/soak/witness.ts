import { isDeepStrictEqual } from 'node:util';

/** One call of an identity provider, and what it was answered. */
export interface Witnessed {
  /** Whose directory: the token. */
  readonly whose: string;
  readonly method: string;
  /** Below the base, without the query: `/Users/2819c223`. */
  readonly path: string;
  /** Only whole resources are kept. */
  readonly isPart: boolean;
  readonly status: number;
  readonly etag: string | undefined;
  readonly json: unknown;
}

/** What the providers were told, by the server itself: each resource with the highest version that a reply named. */
export interface Witness {
  note(call: Witnessed): void;
  /** The highest version of a resource that anyone was told so far; 0 of what is not there, or was removed. */
  versionOf(whose: string, path: string): number;
  /** Holds a directory, as it is listed now, against all that was told of it. */
  compare(whose: string, listed: ReadonlyMap<string, unknown>): readonly string[];
  readonly acknowledged: () => number;
  readonly faults: readonly string[];
}

interface Told {
  version: number;
  /** The resource in that version, when a reply had all of it. */
  resource: object | undefined;
}

interface Directory {
  readonly told: Map<string, Told>;
  readonly removed: Set<string>;
}

interface Resource {
  readonly id: string;
  readonly meta: { readonly version: string };
}

export function createWitness(): Witness {
  const directories = new Map<string, Directory>();
  const faults: string[] = [];
  let acknowledged = 0;

  return {
    faults,
    acknowledged: () => acknowledged,
    note(call) {
      if (call.status < 200 || call.status > 299) return;
      if (call.method !== 'GET') acknowledged += 1;
      const directory = directoryOf(call.whose);
      const [, , id] = call.path.split('/');
      if (call.method === 'DELETE' && id !== undefined) {
        directory.removed.add(id);
        return;
      }
      const version = versionIn(call.etag);
      if (id !== undefined && version !== undefined) tell(directory, id, { version, resource: undefined });
      for (const resource of resourcesIn(call.json)) {
        const read = versionIn(resource.meta.version) ?? 0;
        tell(directory, resource.id, { version: read, resource: call.isPart ? undefined : comparable(resource) });
      }
    },
    versionOf(whose, path) {
      const { told, removed } = directoryOf(whose);
      const id = path.split('/')[2] ?? '';
      return removed.has(id) ? 0 : (told.get(id)?.version ?? 0);
    },
    compare(whose, listed) {
      const { told, removed } = directoryOf(whose);
      const found: string[] = [];
      for (const [id, { version, resource }] of told) {
        if (removed.has(id)) continue;
        const there = listed.get(id) as Resource | undefined;
        if (there === undefined) {
          found.push(`LOST ${id}: version ${version} was acknowledged, and it is not listed`);
          continue;
        }
        const now = versionIn(there.meta.version) ?? 0;
        if (now < version)
          found.push(`LOST ${id}: version ${version} was acknowledged, and it is listed in version ${now}`);
        if (now === version && resource !== undefined && !isDeepStrictEqual(comparable(there), resource)) {
          found.push(
            `HALF ${id}: version ${version} was told as ${JSON.stringify(resource)}, and is ${JSON.stringify(there)}`,
          );
        }
      }
      for (const id of removed)
        if (listed.has(id)) found.push(`LOST ${id}: its removal was acknowledged, and it is listed`);
      return found;
    },
  };

  function directoryOf(whose: string): Directory {
    let directory = directories.get(whose);
    if (directory === undefined) {
      directory = { told: new Map(), removed: new Set() };
      directories.set(whose, directory);
    }
    return directory;
  }

  function tell({ told }: Directory, id: string, { version, resource }: Told): void {
    const known = told.get(id);
    if (known === undefined || known.version < version) {
      told.set(id, { version, resource });
      return;
    }
    if (known.version > version || resource === undefined) return;
    if (known.resource !== undefined && !isDeepStrictEqual(known.resource, resource)) {
      faults.push(`${id}: version ${version} was told in two ways: ${JSON.stringify([known.resource, resource])}`);
    }
    known.resource = resource;
  }
}

/** `W/"7"` → 7 */
export function versionIn(tag: string | undefined): number | undefined {
  const [, digits] = /^W\/"(\d+)"$/.exec(tag ?? '') ?? [];
  return digits === undefined ? undefined : Number(digits);
}

function resourcesIn(json: unknown): readonly Resource[] {
  const { Resources } = (json ?? {}) as { Resources?: readonly unknown[] };
  return [...(Resources ?? []), json].filter(isResource);
}

function isResource(json: unknown): json is Resource {
  const { id, meta } = (json ?? {}) as { id?: unknown; meta?: { version?: unknown } };
  return typeof id === 'string' && typeof meta?.version === 'string';
}

/** What no write of another resource alters: a user's groups, and members' names, move without a version (decision 20). */
function comparable(resource: Resource): object {
  const {
    groups: _groups,
    members,
    ...rest
  } = resource as Resource & {
    readonly groups?: unknown;
    readonly members?: readonly { readonly value: string }[];
  };
  return members === undefined ? rest : { ...rest, members: members.map(({ value }) => value).sort() };
}
