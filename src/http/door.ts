/** One application's SCIM base, as the server looks for it in a request's host and path. */
export interface ScimDoor {
  readonly application: string;
  /** The public URL of the base, without a trailing slash. */
  readonly base: string;
  /** `['scim', 'v2']` */
  readonly segments: readonly string[];
  /** In lower case, without ports; empty for all hosts. `*.scim.example.com` has any one label in place of the `*`. */
  readonly hosts: readonly string[];
}

/** `known` is how many of the path's segments, from its start, are written in the configuration. */
export type Found = { readonly known: number } & (
  | { readonly kind: 'base'; readonly door: ScimDoor; readonly rest: readonly string[]; readonly slug?: string }
  /** `/scim/v3/Users`, `/scim/v1`: another version of the protocol than the base's. */
  | { readonly kind: 'version'; readonly version: string }
  /** `/scim/Users`, `/scim`, or a base on a host that is not its own. */
  | { readonly kind: 'beside' }
);

/** What of SCIM stands at this path, undefined for nothing. Segments compare case by case; a host's own name comes before a `*`. */
export function findDoor(
  segments: readonly string[],
  host: string | undefined,
  doors: readonly ScimDoor[],
): Found | undefined {
  let elsewhere: Found | undefined;
  for (const door of doors) {
    if (!startsWith(segments, door.segments)) continue;
    const base = {
      kind: 'base',
      known: door.segments.length,
      door,
      rest: segments.slice(door.segments.length),
    } as const;
    if (door.hosts.length === 0) return base;
    const name = hostName(host);
    if (door.hosts.includes(name)) return base;
    const slug = slugOf(name, door.hosts);
    // Another door may have the name for its own.
    if (slug !== undefined) elsewhere = { ...base, slug };
    else elsewhere ??= { kind: 'beside', known: door.segments.length };
  }
  return elsewhere ?? findBeside(segments, doors);
}

/** `acme`, for `acme.scim.example.com` where a host is `*.scim.example.com`. */
function slugOf(name: string, hosts: readonly string[]): string | undefined {
  const dot = name.indexOf('.');
  return dot > 0 && hosts.includes(`*${name.slice(dot)}`) ? name.slice(0, dot) : undefined;
}

const VERSION = /^v\d+(?:\.\d+)*$/i;

function findBeside(segments: readonly string[], doors: readonly ScimDoor[]): Found | undefined {
  for (const door of doors) {
    const parent = door.segments.slice(0, -1);
    if (!startsWith(segments, parent)) continue;
    const next = segments[parent.length];
    if (next !== undefined && VERSION.test(next) && VERSION.test(door.segments.at(-1) ?? '')) {
      return { kind: 'version', known: parent.length, version: next };
    }
    if (parent.length > 0) return { kind: 'beside', known: parent.length };
  }
  return undefined;
}

function startsWith(segments: readonly string[], start: readonly string[]): boolean {
  return segments.length >= start.length && start.every((segment, index) => segment === segments[index]);
}

function hostName(host: string | undefined): string {
  return (host ?? '').toLowerCase().replace(/:\d*$/, '');
}
