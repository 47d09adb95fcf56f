import type { Outcome, Shown } from '../directory/index.ts';
import {
  etagOf,
  LIST_RESPONSE,
  type ResourceType,
  type ScimRequest,
  type Selection,
  satisfies,
  viewOfWritten,
} from '../scim/index.ts';
import type { Call, Reply, ReplyNote } from './call.ts';
import type { Caller } from './caller.ts';
import type { Cursors } from './cursor.ts';
import { isHeld, type Printing, printLong, printResource } from './print.ts';
import { Refused } from './refuse.ts';

interface Asked {
  readonly request: ScimRequest;
  readonly call: Call;
  readonly caller: Caller;
  readonly cursors: Cursors;
  /** The rewrites that made the request legal. */
  readonly used: ReadonlySet<string>;
}

/** How an outcome is told: status, headers, and the stored text with what varies spliced on. */
export function write(outcome: Outcome, asked: Asked): Reply {
  const { caller, used } = asked;
  const note: ReplyNote = {
    directory: caller.directory.id,
    credential: caller.by.id,
    outcome: outcome.kind,
    ...(used.size === 0 ? {} : { rewrites: [...used] }),
    ...ignoredIn(outcome),
  };
  switch (outcome.kind) {
    case 'refused':
      throw new Refused(outcome.refusal);
    case 'removed':
      return removedReply(outcome, asked, note);
    case 'listed':
      return { status: 200, headers: SCIM_JSON, body: listBody(outcome, asked), note };
    default:
      return resourceReply(outcome, asked, note);
  }
}

function ignoredIn(outcome: Outcome): Pick<ReplyNote, 'ignored'> {
  return 'ignored' in outcome && outcome.ignored !== undefined ? { ignored: outcome.ignored } : {};
}

const SCIM_JSON = { 'content-type': 'application/scim+json' };

/**
 * DELETE is 204. A user whom an update deactivated, and so removed (decision 36), is shown a last time, as a PUT and one who
 * names `attributes` expect it.
 */
function removedReply(
  { shown }: Extract<Outcome, { kind: 'removed' }>,
  { request, call }: Asked,
  note: ReplyNote,
): Reply {
  if (shown === undefined || request.kind === 'query') return { status: 204, headers: {}, note };
  // RFC 7644 §3.5.2: 200 with the attributes that were asked for.
  const isShown = request.kind === 'replace' || (request.kind === 'patch' && request.view?.attributes !== undefined);
  const etag = etagOf(shown.record.version);
  if (!isShown || !isHeld(shown)) return { status: 204, headers: { etag }, note };
  const body = printResource(shown, printingOf(request, shown.record.type, call.base));
  return { status: 200, headers: { ...SCIM_JSON, etag }, body, note };
}

function resourceReply(outcome: Extract<Outcome, { shown: Shown }>, asked: Asked, note: ReplyNote): Reply {
  const { request, call } = asked;
  const { record } = outcome.shown;
  const location = `${call.base}${typeOf(request, record.type).endpoint}/${record.id}`;
  const etag = etagOf(record.version);
  // RFC 7644 §3.5.2: 204 when the client asked for nothing back.
  if (request.kind === 'patch' && request.view === undefined) return { status: 204, headers: { etag, location }, note };
  if (request.kind === 'read') {
    const { ifMatch, ifNoneMatch } = request;
    const isStale = ifMatch !== undefined && !satisfies(ifMatch, record.version);
    const isKnown = ifNoneMatch !== undefined && satisfies(ifNoneMatch, record.version);
    if (isStale || isKnown) outcome.shown.release?.();
    // RFC 9110 §13.2.2: If-Match goes first.
    if (isStale)
      throw new Refused({ reason: 'version-mismatch', type: record.type, id: record.id, version: record.version });
    // RFC 9110 §15.4.5: what the 200 would have had of these.
    if (isKnown) return { status: 304, headers: { etag, 'content-location': location }, note };
  }
  // RFC 7644 §3.3: Location on what was created; RFC 9110 §8.7: Content-Location on a representation (conflict D14).
  const headers = { ...SCIM_JSON, etag, location, 'content-location': location };
  const printing = printingOf(request, record.type, call.base);
  const body = isHeld(outcome.shown) ? printResource(outcome.shown, printing) : printLong(outcome.shown, printing);
  return { status: outcome.kind === 'created' ? 201 : 200, headers, body, note };
}

function listBody(
  outcome: Extract<Outcome, { kind: 'listed' }>,
  { request, call, cursors }: Asked,
): string | AsyncIterable<string> {
  const { shown, release } = outcome;
  const head = `{"schemas":["${LIST_RESPONSE}"],${pageText(outcome, request, cursors)},"Resources":[`;
  const printing = (one: Shown) => printingOf(request, one.record.type, call.base);
  if (isArray(shown)) {
    // Added up, and written out once at the end: to join them would copy each twice.
    let body = head;
    for (const [index, one] of shown.entries()) body += (index === 0 ? '' : ',') + printResource(one, printing(one));
    return `${body}]}`;
  }
  return joined(
    (async function* () {
      try {
        let before = head;
        for await (const one of shown) {
          yield before;
          if (isHeld(one)) yield printResource(one, printing(one));
          else yield* printLong(one, printing(one));
          before = ',';
        }
        yield before === head ? `${head}]}` : ']}';
      } finally {
        release?.();
      }
    })(),
  );
}

/** RFC 7644 §3.4.2; where cursors page, RFC 9865 §2: no startIndex, and totalResults only where it is known. */
function pageText(
  { total, startIndex, next, count }: Extract<Outcome, { kind: 'listed' }>,
  request: ScimRequest,
  cursors: Cursors,
): string {
  const walk = request.kind === 'query' ? request.walk : undefined;
  if (walk === undefined) return `"totalResults":${total},"startIndex":${startIndex},"itemsPerPage":${count}`;
  const known = total === undefined ? '' : `"totalResults":${total},`;
  return `${known}"itemsPerPage":${count}${next === undefined ? '' : `,"nextCursor":"${cursors.seal(next, walk)}"`}`;
}

function isArray<T>(list: readonly T[] | AsyncIterable<T>): list is readonly T[] {
  return Array.isArray(list);
}

/** What is shorter than this waits for what comes after it: a piece costs a turn of the event loop and some system calls. */
const PIECE = 65_536;

async function* joined(texts: AsyncIterable<string>): AsyncGenerator<string> {
  let piece = '';
  for await (const text of texts) {
    piece += text;
    if (piece.length < PIECE) continue;
    yield piece;
    piece = '';
  }
  if (piece !== '') yield piece;
}

function printingOf(request: ScimRequest, type: string, base: string): Printing {
  if (request.kind === 'query') return { ...selectionOf(request.selections, type), base };
  if (request.kind === 'read') return { type: request.type, view: request.view, base };
  return { type: request.type, view: request.kind === 'remove' ? {} : viewOfWritten(request), base };
}

function typeOf(request: ScimRequest, name: string): ResourceType {
  return request.kind === 'query' ? selectionOf(request.selections, name).type : request.type;
}

function selectionOf(selections: readonly Selection[], name: string): Selection {
  return selections.find(({ type }) => type.name === name) ?? (selections[0] as Selection);
}
