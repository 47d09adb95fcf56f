import { hasToken, SECRET_NAME, withoutTokens } from './without-secrets.ts';

/**
 * The query of a request, decoded: what the protocol knows, and of other parameters only that they were there.
 *
 *     filter=userName%20eq%20%22ann%22&count=1&access_token=x      filter=userName eq "ann"&count=1&…
 */
export function queryWithoutSecrets(query: string): string {
  const whole = isOrdinary(query) ? decoded(query) : undefined;
  if (whole !== undefined) return whole;
  const shown = query
    .slice(0, MOST_QUERY)
    .split('&')
    .map((parameter) => {
      const [name = '', ...value] = parameter.split('=');
      if (!PARAMETERS.has(name)) return '…';
      const text = decoded(value.join('=')) ?? '…';
      return `${name}=${SECRET_NAME.test(text) ? '[cut]' : text}`;
    })
    .join('&');
  return withoutTokens(query.length > MOST_QUERY ? `${shown}…` : shown);
}

const MOST_QUERY = 4_096;
const KNOWN = /^(?:(?:filter|attributes|excludedAttributes|startIndex|count|sortBy|sortOrder|cursor)=[^&]*(?:&|$))*$/;
/** What names a secret, or could hide one: letters, digits and hyphens that are escaped without need. */
const SUSPECT_QUERY =
  /passw|passphrase|passcode|pwd|secret|token|authorization|credential|api.?key|%(?:2d|3\d|4[1-9a-f]|5[\daf]|6[1-9a-f]|7[\da])/i;

/** Nothing of it has to be cut: nearly every query, and told at a tenth of the cost. */
function isOrdinary(query: string): boolean {
  return query.length <= MOST_QUERY && !SUSPECT_QUERY.test(query) && !hasToken(query) && KNOWN.test(query);
}

const PARAMETERS: ReadonlySet<string> = new Set([
  'filter',
  'attributes',
  'excludedAttributes',
  'startIndex',
  'count',
  'sortBy',
  'sortOrder',
  'cursor',
]);

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text.includes('+') ? text.replaceAll('+', ' ') : text);
  } catch {
    return undefined;
  }
}
