import type { GroupReference, Member, Shown, StoredRecord } from '../directory/index.ts';
import { GROUP, type JsonObject, project, type ResourceType, showsAll, USER, type View } from '../scim/index.ts';

export interface Printing {
  readonly type: ResourceType;
  readonly view: View;
  readonly base: string;
}

/**
 * The stored text with what varies spliced on, unread where the view leaves nothing out: parsing and printing a stored
 * user costs as much as looking it up. Only a type that has attributes which are returned on request is always read.
 *
 *     {"schemas":[…],"id":"…","userName":"…" … ,"groups":[…],"meta":{…}}
 *     ^______________________________________   ^________________________
 *      stored                                    spliced
 */
export function printResource(shown: Shown, printing: Printing): string {
  const { view } = printing;
  if (showsAll(printing.type, view)) return splice(shown, printing);
  const whole = JSON.parse(splice(shown, printing)) as JsonObject;
  return JSON.stringify(project(printing.type, whole, view));
}

/** Whether all of it can be printed at once. */
export function isHeld({ groups, members }: Shown): boolean {
  return !isInPieces(groups) && !isInPieces(members);
}

function isInPieces<T>(
  list: readonly T[] | AsyncIterable<readonly T[]> | undefined,
): list is AsyncIterable<readonly T[]> {
  return list !== undefined && !Array.isArray(list);
}

/** A resource whose groups or members come in pieces: these stand last, so that everything before them is one text. */
export async function* printLong(shown: Shown, printing: Printing): AsyncGenerator<string> {
  const { groups, members, release } = shown;
  const { base } = printing;
  try {
    let before = printResource(shown, printing).slice(0, -1);
    for (const [name, texts] of [
      ['groups', isInPieces(groups) ? textsOf(groups, (group) => groupText(group, base)) : []],
      ['members', isInPieces(members) ? textsOf(members, (member) => memberText(member, base)) : []],
    ] as const) {
      let separator = `${before},"${name}":[`;
      for await (const text of texts) {
        const elements = projected(name, text, printing);
        // A view may leave out every sub-attribute, and with them the element.
        if (elements === '') continue;
        yield `${separator}${elements}`;
        separator = ',';
        before = ']';
      }
    }
    yield `${before}}`;
  } finally {
    release?.();
  }
}

async function* textsOf<T>(
  pieces: AsyncIterable<readonly T[]>,
  textOf: (element: T) => string,
): AsyncGenerator<string> {
  for await (const piece of pieces) yield piece.map(textOf).join(',');
}

function projected(name: 'groups' | 'members', elements: string, { type, view }: Printing): string {
  if (view.attributes === undefined && view.excluded === undefined) return elements;
  const whole = JSON.parse(`{"${name}":[${elements}]}`) as JsonObject;
  const shown = project(type, whole, view)[name] as JsonObject[] | undefined;
  return (shown ?? []).map((element) => JSON.stringify(element)).join(',');
}

function splice({ record, groups, members }: Shown, { type, base }: Printing): string {
  const stored = withBase(record.text, base).slice(0, -1);
  return `${stored}${groupsText(groups, base)}${membersText(members, base)},"meta":${metaText(record, type, base)}}`;
}

/**
 * A stored reference is relative to the base, a told one whole (SCH-14). No string of a client's can hold these
 * characters: a quote inside one is escaped.
 */
function withBase(text: string, base: string): string {
  const reference = relativeIn(text);
  return reference === -1 ? text : `${text.slice(0, reference)}$ref":"${base}/${text.slice(reference + 7)}`;
}

/** `$` is seldom in a text, a quotation mark everywhere: looked for by its first character, this is three times as fast. */
const RELATIVE = '$ref":"Users/';

function relativeIn(text: string): number {
  let at = text.indexOf(RELATIVE);
  // The name of an attribute may end with the same characters.
  while (at !== -1 && text[at - 1] !== '"') at = text.indexOf(RELATIVE, at + 1);
  return at;
}

/** RFC 7643 §3.1; `version` equals the ETag header (COM-20). */
function metaText({ id, version, created, modified }: StoredRecord, type: ResourceType, base: string): string {
  return `{"resourceType":"${type.name}","created":"${created}","lastModified":"${modified}","location":"${base}${type.endpoint}/${id}","version":"W/\\"${version}\\""}`;
}

/** RFC 7643 §4.1.2: readOnly, computed. Unassigned ones are left out (§2.5). */
function groupsText(groups: Shown['groups'], base: string): string {
  if (groups === undefined || isInPieces(groups) || groups.length === 0) return '';
  return `,"groups":[${groups.map((group) => groupText(group, base)).join(',')}]`;
}

function groupText({ value, display }: GroupReference, base: string): string {
  return `{"value":"${value}","$ref":"${base}${GROUP.endpoint}/${value}","display":${JSON.stringify(display)},"type":"direct"}`;
}

function membersText(members: Shown['members'], base: string): string {
  if (members === undefined || isInPieces(members) || members.length === 0) return '';
  return `,"members":[${members.map((member) => memberText(member, base)).join(',')}]`;
}

function memberText({ value, type, display }: Member, base: string): string {
  const endpoint = ENDPOINTS.get(type) ?? '';
  return `{"value":"${value}","$ref":"${base}${endpoint}/${value}","type":"${type}","display":${JSON.stringify(display)}}`;
}

/** Of what may be a member. */
const ENDPOINTS: ReadonlyMap<string, string> = new Map([USER, GROUP].map(({ name, endpoint }) => [name, endpoint]));
