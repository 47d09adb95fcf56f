/** A request's target, decoded once; everything after this goes by these segments and nothing else. */
export interface RequestTarget {
  /** Decoded, none of them empty: `/scim/v2//Users/` is `['scim', 'v2', 'Users']`. */
  readonly segments: readonly string[];
  /** What stands after `?`, still encoded; '' when there is nothing. */
  readonly query: string;
  /** The host (and port) of an absolute-form target, which goes before the Host header (RFC 9112 §3.2.2). */
  readonly authority: string | undefined;
}

/**
 * Reads the target of a request line. Undefined when two readers could understand its path differently: an encoded
 * slash, backslash, NUL or percent sign, a dot segment, a `;` parameter, a fragment, an escape that is no UTF-8.
 *
 *     /scim/v2/%55sers?count=1        ['scim', 'v2', 'Users'], 'count=1'
 *     //scim/v2//Users/               ['scim', 'v2', 'Users']
 *     /scim/v2/Users/%2e%2e           undefined
 */
export function readTarget(target: string): RequestTarget | undefined {
  const [authority, local] = target.startsWith('/') ? [undefined, target] : splitAbsolute(target);
  if (local === undefined) return undefined;
  const mark = local.indexOf('?');
  const path = mark === -1 ? local : local.slice(0, mark);
  const segments = readSegments(path);
  return segments && { segments, query: mark === -1 ? '' : local.slice(mark + 1), authority };
}

/** The same target, written in the one form that every later reader understands alike. */
export function writeTarget({ segments, query }: RequestTarget): string {
  return `/${segments.map(encodeURIComponent).join('/')}${query === '' ? '' : `?${query}`}`;
}

/**
 * A path as the log may have it: what is no name and no id of ours can be anything that a client put into the wrong
 * place, a token or a person's address. `known` segments at its start are the configuration's own.
 *
 *     /scim/v2/Users/4f7d8e0a-2c1b-4a5d-9e3f-6b7c8d9e0f1a      as it is
 *     /scim/v2/Users/ann@example.com                           /scim/v2/Users/…
 */
export function shownPath(segments: readonly string[], known: number): string {
  if (segments.length === 0) return '/';
  let path = '';
  for (const [index, segment] of segments.entries()) {
    if (index === MOST_SHOWN) return `${path}/…`;
    path += `/${index < known || isOurs(segment) ? segment : hidden(segment)}`;
  }
  return path;
}

const MOST_SHOWN = 16;
const ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const USUAL: ReadonlySet<string> = new Set(['Users', 'Groups']);
const NAME =
  /^(?:scim|v\d(?:\.\d)?|Users|Groups|Me|Bulk|\.search|Schemas|ResourceTypes|ServiceProviderConfigs?|urn:ietf:params:scim:schemas:[A-Za-z0-9.:]{1,64})$/i;

function isOurs(segment: string): boolean {
  return USUAL.has(segment) || (segment.length === 36 && ID.test(segment)) || NAME.test(segment);
}

/** That a token stood here is worth knowing. */
function hidden(segment: string): string {
  return segment.startsWith('jn-') ? '[token]' : '…';
}

/** RFC 9112 §3.2.2: `GET http://scim.example.com/scim/v2/Users HTTP/1.1`. */
function splitAbsolute(target: string): [string | undefined, string | undefined] {
  const found = /^https?:\/\/([^/?#@\\]+)(\/.*)?$/is.exec(target);
  return found === null ? [undefined, undefined] : [found[1], found[2] ?? '/'];
}

/** What an ordinary path has none of, so that it can be split as it stands. */
const UNUSUAL = /[^\x21-\x7e]|[%\\;#]|\/\/|\/\.|\/$/;

function readSegments(path: string): readonly string[] | undefined {
  if (!UNUSUAL.test(path)) return path.slice(1).split('/');
  const segments: string[] = [];
  for (const raw of path.split('/')) {
    if (raw === '') continue;
    const segment = decode(raw);
    if (segment === undefined || isAmbiguous(segment)) return undefined;
    segments.push(segment);
  }
  return segments;
}

function decode(raw: string): string | undefined {
  try {
    return decodeURIComponent(raw);
  } catch {
    return undefined;
  }
}

/** A `%` that is left after decoding was encoded twice; nothing of ours has one in its name. */
function isAmbiguous(segment: string): boolean {
  return segment === '.' || segment === '..' || /[/\\;#%]|\p{Cc}/u.test(segment);
}
