import type { GroupReference, Member, Shown, StoredRecord } from '../directory/index.ts';
import { type JsonObject, project, type ResourceType, type View } from '../scim/index.ts';

export interface Printing {
  readonly type: ResourceType;
  readonly view: View;
  readonly base: string;
}

/**
 * The stored text with what varies spliced on, unread where the view leaves nothing out: parsing and printing a stored
 * user costs as much as looking it up.
 *
 *     {"schemas":[…],"id":"…","userName":"…" … ,"groups":[…],"meta":{…}}
 *     ^______________________________________   ^________________________
 *      stored                                    spliced
 */
export function printResource(shown: Shown, printing: Printing): string {
  const { view } = printing;
  if (view.attributes === undefined && view.excluded === undefined) return splice(shown, printing);
  const whole = JSON.parse(splice(shown, printing)) as JsonObject;
  return JSON.stringify(project(printing.type, whole, view));
}

/** A group whose members come in pieces: they stand last, so that everything before them is one text. */
export async function* printLong(shown: Shown, printing: Printing): AsyncGenerator<string> {
  const { members, release, ...rest } = shown;
  try {
    const head = printResource(rest, printing);
    let separator = `${head.slice(0, -1)},"members":[`;
    for await (const piece of members as AsyncIterable<readonly Member[]>) {
      const text = printMembers(piece, printing);
      // A view may leave out every sub-attribute, and with them the element.
      if (text === '') continue;
      yield `${separator}${text}`;
      separator = ',';
    }
    yield separator === ',' ? ']}' : head;
  } finally {
    release?.();
  }
}

function printMembers(members: readonly Member[], printing: Printing): string {
  const { view } = printing;
  if (view.attributes === undefined && view.excluded === undefined) {
    return members.map((member) => memberText(member, printing.base)).join(',');
  }
  const whole = JSON.parse(`{"members":[${members.map((member) => memberText(member, printing.base)).join(',')}]}`);
  const projected = project(printing.type, whole as JsonObject, view).members as JsonObject[] | undefined;
  return (projected ?? []).map((member) => JSON.stringify(member)).join(',');
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
  const reference = text.indexOf(RELATIVE);
  return reference === -1 ? text : `${text.slice(0, reference)}"$ref":"${base}/${text.slice(reference + 8)}`;
}

const RELATIVE = '"$ref":"Users/';

/** RFC 7643 §3.1; `version` equals the ETag header (COM-20). */
function metaText({ id, version, created, modified }: StoredRecord, type: ResourceType, base: string): string {
  return `{"resourceType":"${type.name}","created":"${created}","lastModified":"${modified}","location":"${base}${type.endpoint}/${id}","version":"W/\\"${version}\\""}`;
}

/** RFC 7643 §4.1.2: readOnly, computed. Unassigned ones are left out (§2.5). */
function groupsText(groups: readonly GroupReference[] | undefined, base: string): string {
  if (groups === undefined || groups.length === 0) return '';
  const texts = groups.map(
    ({ value, display }) =>
      `{"value":"${value}","$ref":"${base}/Groups/${value}","display":${JSON.stringify(display)},"type":"direct"}`,
  );
  return `,"groups":[${texts.join(',')}]`;
}

function membersText(members: Shown['members'], base: string): string {
  if (members === undefined || !Array.isArray(members) || members.length === 0) return '';
  return `,"members":[${members.map((member: Member) => memberText(member, base)).join(',')}]`;
}

function memberText({ value, type, display }: Member, base: string): string {
  return `{"value":"${value}","$ref":"${base}/${type}s/${value}","type":"${type}","display":${JSON.stringify(display)}}`;
}
