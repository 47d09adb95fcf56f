/** What stands in the place of what was cut. */
const CUT = '"[cut]"';
/** So much of a body is looked at, and … */
const MOST_READ = 65_536;
/** … so much of it is kept. */
const MOST_KEPT = 16_384;

/** A token, with `jn-` or without, is a run of at least 43 of these characters; no id and no name of an attribute is. */
const TOKEN = /(?<![\w-])[\w-]{43,}/g;
const TOKEN_LENGTH = 43;
// Four times the same names: no expression here is put together from text, so that none can be made of what somebody sent.
export const SECRET_NAME = /passw|passphrase|passcode|pwd|secret|token|authorization|credential|api.?key/i;
/** Where one of these stands, or an escape that could hide one, a body is read; others are kept as they are. */
const SUSPECT = /passw|passphrase|passcode|pwd|secret|token|authorization|credential|api.{0,2}key|\\u/i;
/** The one secret that ordinary requests have: Okta sends a password with every create. */
const ORDINARY = /("password"\s*:\s*)"[^"\\]*"/g;
/** `password eq "…"`, `password[value eq "…"]`: a filter, or the path of a PATCH, that says what the secret is. */
const SECRET_FILTER =
  /(?:passw|passphrase|passcode|pwd|secret|token|authorization|credential|api.?key)[\w.:$-]{0,64}\s{0,64}(?:\[|\s(?:eq|ne|co|sw|ew|gt|ge|lt|le)\s)/i;

/**
 * A body as the journal keeps it: values of passwords and tokens cut, wherever in it they stand, and of a long one only the
 * beginning. What is no JSON, and names a secret, is cut whole.
 *
 *     {"userName":"ann","password":"hunter2"}                                    {"userName":"ann","password":"[cut]"}
 *     {"op":"replace","path":"password","value":"hunter2"}                       {"op":"replace","path":"password","value":"[cut]"}
 */
export function withoutSecrets(body: string): string {
  const isWhole = body.length <= MOST_READ;
  const read = isWhole ? body : body.slice(0, MOST_READ);
  // The path that says what a value is may stand in the rest.
  const shown = withoutTokens(!isWhole || isSuspect(read) ? withoutValues(read, isWhole) : read);
  if (isWhole && shown.length <= MOST_KEPT) return shown;
  // A slice keeps all of the text that it is of.
  const kept = Buffer.from(shown.slice(0, MOST_KEPT)).toString();
  return `${kept}… [cut: ${body.length} characters]`;
}

/** A token behind an escape, `\njn-…`, is cut with the text that it stands in: by itself it would take half of the escape. */
function isSuspect(text: string): boolean {
  return SUSPECT.test(text) || (text.includes('\\') && hasToken(text));
}

export function withoutTokens(text: string): string {
  return hasToken(text) ? text.replaceAll(TOKEN, '[cut]') : text;
}

/** A run of so many covers one in so many places: only those are looked at, and back from them. */
export function hasToken(text: string): boolean {
  for (let end = TOKEN_LENGTH - 1; end < text.length; ) {
    let at = end;
    while (at > end - TOKEN_LENGTH && isOfToken(text.charCodeAt(at))) at -= 1;
    if (at === end - TOKEN_LENGTH) return true;
    end = at + TOKEN_LENGTH;
  }
  return false;
}

/** `[\w-]` */
function isOfToken(code: number): boolean {
  const isLetter = (code >= 97 && code <= 122) || (code >= 65 && code <= 90);
  return isLetter || (code >= 48 && code <= 57) || code === 45 || code === 95;
}

function withoutValues(text: string, isWhole: boolean): string {
  if (isWhole && !isSuspect(text.replaceAll(ORDINARY, '')) && isJson(text))
    return text.replaceAll(ORDINARY, `$1${CUT}`);
  const found = spansOfSecrets(text);
  const isReadable = found !== undefined && (!isWhole || isJson(text));
  if (!isReadable)
    return !isWhole || SECRET_NAME.test(unescaped(text)) ? '[cut: no JSON, and it may hold a secret]' : text;
  if (found.length === 0) return text;
  let shown = '';
  let at = 0;
  for (const [from, to] of found.toSorted(([a], [b]) => a - b)) {
    if (from >= at) shown += text.slice(at, from) + CUT;
    at = Math.max(at, to);
  }
  return shown + text.slice(at);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** `\u0070assword` is one, too. */
function unescaped(text: string): string {
  return text.replaceAll(/\\u([\da-f]{4})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

type Span = readonly [from: number, to: number];

/** An object or array that is being read. */
interface Open {
  readonly from: number;
  readonly isObject: boolean;
  /** The name of the member that is being read. */
  name: string | undefined;
  /** Of an operation of PATCH: whether its path was read, and names a secret; and where its values stand. */
  hasPath: boolean;
  isOfSecret: boolean;
  readonly values: Span[];
}

const TOKENS = /\s+|[{}[\]:,]|"[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?$)|[^\s{}[\]:,"]+/gsy;
const LITERAL = /^(?:true|false|null|-?\d[\d.eE+-]*|[truefalsn]{1,5})$/;

/** Where the secrets stand in JSON, or the beginning of some; undefined for what is none. */
function spansOfSecrets(text: string): readonly Span[] | undefined {
  const spans: Span[] = [];
  const open: Open[] = [];
  TOKENS.lastIndex = 0;
  for (let found = TOKENS.exec(text); found !== null; found = TOKENS.exec(text)) {
    const [token] = found;
    const from = found.index;
    const to = TOKENS.lastIndex;
    const first = token[0] as string;
    const top = open.at(-1);
    if (first === '{' || first === '[') {
      open.push({ from, isObject: first === '{', name: undefined, hasPath: false, isOfSecret: false, values: [] });
    } else if (first === '}' || first === ']') {
      const closed = open.pop();
      if (closed?.isObject !== (first === '}')) return undefined;
      if (closed.isOfSecret) spans.push(...closed.values);
      read(open.at(-1), [closed.from, to], undefined);
    } else if (first === ',') {
      if (top !== undefined) top.name = undefined;
    } else if (first === '"') {
      const value = stringOf(token);
      if (top?.isObject && top.name === undefined) top.name = value;
      else read(top, [from, to], value);
    } else if (first !== ':' && token.trim() !== '') {
      if (!LITERAL.test(token)) return undefined;
      read(top, [from, to], undefined);
    }
  }
  // What is open here was cut off: a path that says what a value is may have come behind it.
  for (const [index, each] of open.entries()) {
    if (each.isOfSecret || !each.hasPath) spans.push(...each.values);
    const inner = open[index + 1];
    if (inner !== undefined && mayBeSecret(each)) spans.push([inner.from, text.length]);
  }
  return spans;

  function read(parent: Open | undefined, span: Span, value: string | undefined): void {
    if (value !== undefined && (hasToken(value) || SECRET_FILTER.test(value))) spans.push(span);
    if (!parent?.isObject) return;
    const name = parent.name ?? '';
    if (SECRET_NAME.test(name)) spans.push(span);
    if (/^path$/i.test(name)) {
      parent.hasPath = true;
      // Two paths are refused, and one of them may be the secret's.
      parent.isOfSecret ||= value !== undefined && SECRET_NAME.test(value);
    }
    if (/^value$/i.test(name)) parent.values.push(span);
  }
}

function mayBeSecret({ name = '', isOfSecret, hasPath }: Open): boolean {
  return SECRET_NAME.test(name) || (/^value$/i.test(name) && (isOfSecret || !hasPath));
}

function stringOf(token: string): string {
  if (!token.includes('\\')) return token.replaceAll('"', '');
  try {
    return JSON.parse(token) as string;
  } catch {
    return unescaped(token);
  }
}
