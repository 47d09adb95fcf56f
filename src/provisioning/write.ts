import type { Outcome, Shown } from '../directory/index.ts';
import {
  etagOf,
  LIST_RESPONSE,
  type ResourceType,
  readVersionCondition,
  type ScimRequest,
  satisfies,
} from '../scim/index.ts';
import type { Call, Reply, ReplyNote } from './call.ts';
import type { Caller } from './caller.ts';
import { isHeld, printLong, printResource } from './print.ts';
import { Refused } from './refuse.ts';

interface Asked {
  readonly request: ScimRequest;
  readonly call: Call;
  readonly caller: Caller;
}

/** How an outcome is told: status, headers, and the stored text with what varies spliced on. */
export function write(outcome: Outcome, asked: Asked): Reply {
  const note: ReplyNote = {
    directory: asked.caller.directory.id,
    credential: asked.caller.by.id,
    outcome: outcome.kind,
  };
  switch (outcome.kind) {
    case 'refused':
      throw new Refused(outcome.refusal);
    case 'removed':
      return { status: 204, headers: {}, note };
    case 'listed':
      return { status: 200, headers: SCIM_JSON, body: listBody(outcome, asked), note };
    default:
      return resourceReply(outcome, asked, note);
  }
}

const SCIM_JSON = { 'content-type': 'application/scim+json' };

function resourceReply(outcome: Extract<Outcome, { shown: Shown }>, asked: Asked, note: ReplyNote): Reply {
  const { request, call } = asked;
  const { record } = outcome.shown;
  const location = `${call.base}${typeOf(request, record.type).endpoint}/${record.id}`;
  const etag = etagOf(record.version);
  // RFC 7644 §3.5.2: 204 when the client asked for nothing back.
  if (request.kind === 'patch' && request.view === undefined) return { status: 204, headers: { etag, location }, note };
  if (request.kind === 'read' && isKnown(call.headers.ifNoneMatch, record.version)) {
    outcome.shown.release?.();
    // RFC 9110 §15.4.5: what the 200 would have had of these.
    return { status: 304, headers: { etag, 'content-location': location }, note };
  }
  // RFC 7644 §3.3: Location on what was created; RFC 9110 §8.7: Content-Location on a representation (conflict D14).
  const headers = { ...SCIM_JSON, etag, location, 'content-location': location };
  const printing = printingOf(request, record.type, call.base);
  const body = isHeld(outcome.shown) ? printResource(outcome.shown, printing) : printLong(outcome.shown, printing);
  return { status: outcome.kind === 'created' ? 201 : 200, headers, body, note };
}

/** RFC 9110 §13.1.2. A malformed list is no match: the whole representation is never wrong. */
function isKnown(ifNoneMatch: string | undefined, version: number): boolean {
  if (ifNoneMatch === undefined) return false;
  try {
    return satisfies(readVersionCondition(ifNoneMatch), version);
  } catch {
    return false;
  }
}

function listBody(
  outcome: Extract<Outcome, { kind: 'listed' }>,
  { request, call }: Asked,
): string | AsyncIterable<string> {
  const { total, startIndex, count, shown, release } = outcome;
  const head = `{"schemas":["${LIST_RESPONSE}"],"totalResults":${total},"startIndex":${startIndex},"itemsPerPage":${count},"Resources":[`;
  const printing = (one: Shown) => printingOf(request, one.record.type, call.base);
  if (isArray(shown)) return `${head}${shown.map((one) => printResource(one, printing(one))).join(',')}]}`;
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

function printingOf(request: ScimRequest, type: string, base: string) {
  const view = request.kind === 'remove' ? undefined : request.view;
  return { type: typeOf(request, type), view: view ?? {}, base };
}

function typeOf(request: ScimRequest, name: string): ResourceType {
  const types = request.kind === 'query' ? request.types : [request.type];
  return types.find((type) => type.name === name) ?? (types[0] as ResourceType);
}
