import { rewriteFilter, rewriteFilterText } from '../dialects/index.ts';
import {
  holdsToken,
  parseFilter,
  type Query,
  type QueryGiven,
  type ResourceType,
  readPage,
  readSortBy,
  readView,
  resolveFilter,
  ScimError,
  type ScimRequest,
  type Selection,
  shorten,
  type View,
  type Walk,
} from '../scim/index.ts';
import type { Caller } from './caller.ts';
import type { Cursors } from './cursor.ts';
import { PAGES } from './limits.ts';

type QueryRequest = Extract<ScimRequest, { kind: 'query' }>;

export interface QueryMeans {
  readonly caller: Caller;
  readonly cursors: Cursors;
  /** Collects the names of the rewrites that applied. */
  readonly used: Set<string>;
}

/**
 * The query parameters of a URL; others are nobody's business here (RFC 7644 §3.4.2).
 *
 * @throws ScimError invalidValue for one given twice, which has no one meaning (QRY-14); sensitive for a token
 */
export function queryGiven(query: string): QueryGiven {
  if (query === '') return NOTHING;
  const given: Record<string, string> = {};
  for (const [name, value] of parametersIn(query)) {
    refuseTokenIn(name, value);
    if (!PARAMETERS.has(name)) continue;
    if (given[name] !== undefined) {
      throw ScimError.invalidValue(`The query parameter ${name} was given more than once. Give it once.`);
    }
    given[name] = value;
  }
  return given;
}

/** As `URLSearchParams` reads them, at a third of its cost. */
export function parametersIn(query: string): readonly (readonly [name: string, value: string])[] {
  const parameters: (readonly [string, string])[] = [];
  for (const parameter of (query.startsWith('?') ? query.slice(1) : query).split('&')) {
    if (parameter === '') continue;
    const equals = parameter.indexOf('=');
    if (equals === -1) parameters.push([decode(parameter), '']);
    else parameters.push([decode(parameter.slice(0, equals)), decode(parameter.slice(equals + 1))]);
  }
  return parameters;
}

function decode(text: string): string {
  const spaced = text.replaceAll('+', ' ');
  if (!spaced.includes('%')) return spaced;
  try {
    return decodeURIComponent(spaced);
  } catch {
    // What is no escape, or no UTF-8, is taken as the standard for URLs says.
    return new URLSearchParams(`=${text}`).get('') ?? '';
  }
}

/**
 * RFC 7644 §7.5.2: URLs stand in logs and histories.
 *
 * @throws ScimError sensitive
 */
export function refuseToken(query: string): void {
  for (const [name, value] of new URLSearchParams(query)) refuseTokenIn(name, value);
}

/** A cursor of ours is random text, and may spell anything. */
function refuseTokenIn(name: string, value: string): void {
  if (name === 'cursor' || !(holdsToken(value) || holdsToken(name))) return;
  throw ScimError.sensitive(
    'The URL holds a SCIM token, which URLs must not: they are logged on their way. Send it in the Authorization header, and exchange this token, which others may have seen by now.',
  );
}

const NOTHING: QueryGiven = {};
const PARAMETERS: ReadonlySet<string> = new Set([
  'attributes',
  'excludedAttributes',
  'filter',
  'sortBy',
  'sortOrder',
  'startIndex',
  'count',
  'cursor',
]);

/**
 * What is asked of these types together: of one at its own endpoint, of all at the root.
 *
 * @throws ScimError invalidFilter, invalidValue, invalidCursor, expiredCursor, invalidCount
 */
export function readQuery(types: readonly ResourceType[], given: QueryGiven, means: QueryMeans): QueryRequest {
  const filters = filtersOf(types, given.filter, means);
  const sorts = sortsOf(types, given.sortBy);
  const selections = types.map((type, index): Selection => {
    const filter = filters[index];
    const sortBy = sorts[index];
    const view = viewOf(type, given);
    return { type, view, ...(filter === undefined ? {} : { filter }), ...(sortBy === undefined ? {} : { sortBy }) };
  });
  const descending = sorts.length > 0 && isDescending(given.sortOrder);
  const walk = walkOf(types, given, means.caller);
  const page = pageOf(given, walk, means.cursors);
  const sorted = sorts.length > 0 ? { sorted: descending ? ('descending' as const) : ('ascending' as const) } : {};
  return { kind: 'query', selections, query: { ...page, ...sorted }, ...(page.after === undefined ? {} : { walk }) };
}

export function viewOf(type: ResourceType, { attributes, excludedAttributes }: QueryGiven): View {
  if (attributes === undefined && excludedAttributes === undefined) return WHOLE;
  return readView(type, {
    ...(attributes === undefined ? {} : { attributes }),
    ...(excludedAttributes === undefined ? {} : { excludedAttributes }),
  });
}

/** One object, so that `write` can see without looking that nothing is left out. */
const WHOLE: View = {};

function filtersOf(
  types: readonly ResourceType[],
  text: string | undefined,
  { caller, used }: QueryMeans,
): readonly (Selection['filter'] | undefined)[] {
  if (text === undefined) return [];
  const unquotedValues = caller.directory.tolerances.unquotedFilterValues;
  const written = caller.strict ? { text, used: [] } : rewriteFilterText(text);
  const parsed = parseFilter(written.text, { unquotedValues });
  note(used, written.used);
  return types.map((type) => {
    const rewritten = caller.strict ? { filter: parsed, used: [] } : rewriteFilter(type, parsed);
    note(used, rewritten.used);
    return resolveFilter(rewritten.filter, type, { unquotedValues, among: types, base: caller.directory.base });
  });
}

function note(used: Set<string>, names: readonly string[]): void {
  for (const name of names) used.add(name);
}

/** Empty when nothing is to be sorted; else one a type, undefined for a type that does not have the attribute. */
function sortsOf(types: readonly ResourceType[], sortBy: string | undefined): readonly Selection['sortBy'][] {
  if (sortBy === undefined) return [];
  const sorts = types.map((type) => readSortBy(type, sortBy));
  if (sorts.some((target) => target !== undefined)) return sorts;
  throw ScimError.invalidValue(
    `sortBy: "${shorten(sortBy)}" is not an attribute of ${types.map(({ name }) => `a ${name}`).join(' or ')}.`,
  );
}

/** RFC 7644 §3.4.2.3. */
function isDescending(sortOrder: string | undefined): boolean {
  if (sortOrder === undefined || sortOrder.toLowerCase() === 'ascending') return false;
  if (sortOrder.toLowerCase() === 'descending') return true;
  throw ScimError.invalidValue(
    `sortOrder: "${shorten(sortOrder)}" is no order; "ascending" or "descending" was expected.`,
  );
}

function walkOf(types: readonly ResourceType[], given: QueryGiven, { directory }: Caller): Walk {
  const sortOrder = given.sortBy === undefined ? undefined : given.sortOrder?.toLowerCase();
  return {
    directory: directory.id,
    query: [types.map(({ name }) => name).join(' '), given.filter, given.sortBy, sortOrder],
  };
}

function pageOf(given: QueryGiven, walk: Walk, cursors: Cursors): Query {
  const { cursor } = given;
  if (cursor === undefined) return readPage(given, PAGES);
  if (given.startIndex !== undefined) {
    throw ScimError.invalidValue('startIndex and cursor were both given, which page in different ways. Give one.');
  }
  const { count } = readPage({ count: given.count }, { ...PAGES, wrongCount: ScimError.invalidCount });
  return { startIndex: 1, count, after: cursor === '' ? [] : cursors.open(cursor, walk) };
}
