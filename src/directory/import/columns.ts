import { type Attribute, findSubAttribute, findTarget, type ResourceType, shorten } from '../../scim/index.ts';

/** What a column of a CSV says of a user. */
export interface Column {
  /** As it stands in the file. */
  readonly header: string;
  readonly attribute: Attribute;
  /** The URN of the extension that the attribute is of. */
  readonly extension?: string;
  /** Of a complex attribute: which part. */
  readonly sub?: Attribute;
  /** Of a multi-valued one: of the element of this type. Absent: the cell has all values, with `|` between them. */
  readonly ofType?: string;
}

export type ColumnsRead =
  | { readonly kind: 'read'; readonly columns: readonly Column[] }
  | { readonly kind: 'wrong'; readonly problem: string };

/**
 * The header of a CSV, in any case:
 *
 *     userName · active · name.givenName · title · externalId      as SCIM names them
 *     emails · roles                                                all values, with | between them
 *     emails.work · phoneNumbers.mobile · addresses.work.locality   of the element of that type
 *     emails[type eq "work"].value                                  the same, as SCIM writes it
 *     department · urn:…:enterprise:2.0:User:department             of an extension
 */
export function readColumns(type: ResourceType, header: readonly string[]): ColumnsRead {
  if (header.length > MOST_COLUMNS) {
    return wrong(
      `There are ${header.length} columns, and at most ${MOST_COLUMNS} are read. Take out what is not to be imported.`,
    );
  }
  const columns: Column[] = [];
  for (const cell of header) {
    const read = readColumn(type, cell.trim());
    if (typeof read === 'string') return wrong(read);
    const twice = columns.find((other) => keyOf(other) === keyOf(read));
    if (twice !== undefined)
      return wrong(`"${shorten(twice.header)}" and "${shorten(read.header)}" are the same column.`);
    columns.push(read);
  }
  if (!columns.some(({ attribute, extension }) => attribute.name === 'userName' && extension === undefined)) {
    return wrong('There is no column userName, by which users are known. The first line must name the columns.');
  }
  return { kind: 'read', columns };
}

/** A user has no more values than that, and each column is compared with the others. */
const MOST_COLUMNS = 1000;

function wrong(problem: string): ColumnsRead {
  return { kind: 'wrong', problem };
}

function keyOf({ extension = '', attribute, sub, ofType = '' }: Column): string {
  return [extension, attribute.name, sub?.name ?? '', ofType.toLowerCase()].join('\0');
}

/** `addresses[type eq "work"].locality` is `addresses.work.locality`. */
const ELEMENT = /^(?<name>[\w$-]+)\[\s*type\s+eq\s+"(?<type>[^"\\]+)"\s*\](?:\.(?<sub>[\w$-]+))?$/i;

/** The column, or what is wrong with it. */
function readColumn(type: ResourceType, header: string): Column | string {
  if (header === '') return 'A column has no name. Name it, or take it out.';
  const { name = '', type: ofType, sub } = ELEMENT.exec(header)?.groups ?? {};
  const [urn, names] =
    ofType === undefined ? partsOf(header) : [undefined, [name, ofType, ...(sub === undefined ? [] : [sub])]];
  const [first = '', ...rest] = names;
  const target =
    findTarget(type, urn === undefined ? { name: first } : { urn, name: first }) ?? inExtension(type, urn, first);
  if (target === undefined) return unknown(header);
  const { attribute, extension } = target;
  const refused = notImported(attribute, header);
  if (refused !== undefined) return refused;
  const place = { header, attribute, ...(extension === undefined ? {} : { extension }) };
  return attribute.multiValued ? ofMany(place, rest) : ofOne(place, rest);
}

/** The URN is all up to the last colon; what stands behind it has dots between its parts. */
function partsOf(header: string): readonly [string | undefined, readonly string[]] {
  const colon = header.lastIndexOf(':');
  const names = header.slice(colon + 1).split('.');
  return [colon === -1 ? undefined : header.slice(0, colon), names];
}

/** `department` alone, where one extension has it. */
function inExtension(type: ResourceType, urn: string | undefined, name: string) {
  if (urn !== undefined) return undefined;
  const found = type.extensions.flatMap(({ schema }) => findTarget(type, { urn: schema.id, name }) ?? []);
  return found.length === 1 ? found[0] : undefined;
}

function notImported({ name, mutability }: Attribute, header: string): string | undefined {
  if (mutability === 'writeOnly') {
    return `The column "${shorten(header)}" is not imported: passwords come from the identity provider, or not at all. Take it out.`;
  }
  if (name === 'groups') {
    return `The column "${shorten(header)}" is not imported: who is in a group is said of the group. Take it out; roles have a column of their own.`;
  }
  if (mutability === 'readOnly' || name === 'schemas') {
    return `The column "${shorten(header)}" is not imported: the directory gives it itself. Take it out.`;
  }
  return undefined;
}

type Place = Pick<Column, 'header' | 'attribute' | 'extension'>;

function ofOne(place: Place, [name, ...more]: readonly string[]): Column | string {
  const { attribute, header } = place;
  if (attribute.type !== 'complex') return name === undefined ? place : unknown(header);
  if (name === undefined) return `The column "${shorten(header)}" has parts: expected one of ${partsIn(attribute)}.`;
  const sub = findSubAttribute(attribute, name);
  return sub === undefined || more.length > 0 || sub.mutability === 'readOnly' ? unknown(header) : { ...place, sub };
}

function ofMany(place: Place, [name, part, ...more]: readonly string[]): Column | string {
  const { attribute, header } = place;
  const isList = name === undefined || (part === undefined && name.toLowerCase() === 'value');
  if (attribute.type !== 'complex') return isList ? place : unknown(header);
  const sub = findSubAttribute(attribute, isList || part === undefined ? 'value' : part);
  const kind = findSubAttribute(attribute, 'type');
  if (isList) return sub === undefined ? hasParts(attribute, header) : { ...place, sub };
  if (kind === undefined || findSubAttribute(attribute, name) !== undefined || more.length > 0) return unknown(header);
  if (sub === undefined) return part === undefined ? hasParts(attribute, header) : unknown(header);
  const ofType = kind.canonicalValues?.find((value) => value.toLowerCase() === name.toLowerCase()) ?? name;
  return { ...place, sub, ofType };
}

function hasParts(attribute: Attribute, header: string): string {
  const [part = ''] = (attribute.subAttributes ?? []).map((sub) => sub.name);
  return `The column "${shorten(header)}" does not say which part of which element: expected something like ${attribute.name}.work.${part}.`;
}

function partsIn({ name, subAttributes = [] }: Attribute): string {
  return subAttributes
    .filter(({ mutability }) => mutability !== 'readOnly')
    .map((sub) => `${name}.${sub.name}`)
    .join(', ');
}

function unknown(header: string): string {
  return `The column "${shorten(header)}" is no attribute of a user here. Expected names like userName, active, name.givenName, emails.work, roles, externalId, department; take out what is not to be imported.`;
}
