import { checkRequired } from './canonical.ts';
import { ScimError } from './error.ts';
import { readMembers } from './read-members.ts';
import { MAX_TEXT, type ReadContext, type Room, readValue, refuseDecimal, wrongType } from './read-value.ts';
import type { Draft, MemberReference, Tolerances } from './request.ts';
import type { Attribute, ResourceType, Schema } from './schema/attribute.ts';
import { findExtension, findTarget, isBaseSchema } from './schema/find.ts';
import { isObject, type JsonObject, type JsonValue } from './value.ts';

/**
 * The body of a POST or PUT as what the client wants:
 *
 *     {"schemas":["urn:…:core:2.0:User"],"id":"ours","USERNAME":"bjensen","title":null,"groups":[],"shoeSize":9}
 *     → {"attributes":{"userName":"bjensen"},"cleared":["title"]}
 *
 * Names in any case; readOnly and unknown attributes are ignored (RFC 7644 §3.3, §3.5.1, conflict D11); null and [] are
 * unassigned (RFC 7643 §2.5); a password stands beside the attributes, and is none of them; values stay as they came.
 *
 * @throws ScimError invalidSyntax for the message, invalidValue for values; each names the attribute
 */
export function readResource(type: ResourceType, body: JsonValue, tolerances: Tolerances): Draft {
  if (!isObject(body)) {
    throw ScimError.invalidSyntax(`The body must be a JSON object that describes a ${type.name}.`);
  }
  checkSchemas(type, body, tolerances);
  const reading: Reading = { type, tolerances, attributes: {}, cleared: [], room: { characters: MAX_TEXT } };
  for (const name of Object.keys(body)) readMember(reading, body, name);
  checkRequired(type, reading.attributes);
  const { attributes, cleared, members, password } = reading;
  return {
    attributes,
    cleared,
    ...(password === undefined ? {} : { password }),
    ...(members === undefined ? {} : { members }),
  };
}

interface Reading {
  readonly type: ResourceType;
  readonly tolerances: Tolerances;
  readonly attributes: JsonObject;
  readonly cleared: string[];
  readonly room: Room;
  password?: string;
  members?: readonly MemberReference[];
}

/** RFC 7643 §3: COM-01 to COM-05. */
function checkSchemas(type: ResourceType, body: JsonObject, tolerances: Tolerances): void {
  const name = Object.keys(body).find((key) => key.toLowerCase() === 'schemas');
  const urns = name === undefined ? null : (body[name] ?? null);
  if (urns === null || (Array.isArray(urns) && urns.length === 0)) {
    throw ScimError.invalidSyntax(`schemas is required: an array with "${type.schema.id}" was expected.`);
  }
  checkSchemaUrns(type, urns, tolerances);
}

/** @throws ScimError invalidSyntax when it is no array of strings, or has an unknown URN; invalidValue without the base URN */
export function checkSchemaUrns(type: ResourceType, urns: JsonValue, tolerances: Tolerances): void {
  if (Array.isArray(urns)) checkSchemaCount(urns.length);
  if (!Array.isArray(urns) || !urns.every((urn) => typeof urn === 'string')) {
    throw ScimError.invalidSyntax(`schemas must be an array of strings with "${type.schema.id}" among them.`);
  }
  if (!urns.some((urn) => isBaseSchema(type, urn))) {
    throw ScimError.invalidValue(`schemas must list "${type.schema.id}", which a ${type.name} is described by.`);
  }
  for (const urn of urns) {
    if (!isBaseSchema(type, urn) && findExtension(type, urn) === undefined) refuseUnknownSchema(type, urn, tolerances);
  }
}

/** Unknown ones are dropped, but each is looked up. */
export const MAX_SCHEMAS = 1000;

/** @throws ScimError 413 */
export function checkSchemaCount(count: number): void {
  if (count <= MAX_SCHEMAS) return;
  throw ScimError.tooLarge(`schemas lists ${count} URNs; at most ${MAX_SCHEMAS} are taken.`);
}

/** COM-03: an unknown URN is dropped; strict: 400. */
function refuseUnknownSchema(type: ResourceType, urn: string, tolerances: Tolerances): void {
  if (tolerances.unknownSchemas) return;
  const known = [type.schema, ...type.extensions.map(({ schema }) => schema)].map(({ id }) => id);
  throw ScimError.invalidSyntax(
    `The schema "${urn.slice(0, 200).toWellFormed()}" is not one that a ${type.name} has. Known are: ${known.join(', ')}.`,
  );
}

/**
 * A key that names no attribute, in a body or in the value of an operation. A URN of ours that stands where it means
 * nothing is never passed over: it may be what deactivates somebody.
 *
 * @throws ScimError invalidSyntax
 */
export function refuseUnknownKey(type: ResourceType, key: string, tolerances: Tolerances): void {
  const colon = key.lastIndexOf(':');
  if (colon === -1) return;
  const known = isBaseSchema(type, key) || findTarget(type, { urn: key.slice(0, colon), name: key.slice(colon + 1) });
  if (!known) {
    refuseUnknownSchema(type, key, tolerances);
    return;
  }
  throw ScimError.invalidSyntax(
    `The key "${key}" does not belong here: what "${type.schema.id}" describes stands by its name alone, what an extension describes in an object under the URN of the extension, and each of them once.`,
  );
}

function readMember(reading: Reading, body: JsonObject, name: string): void {
  const { type, tolerances, cleared, room } = reading;
  const value = body[name] ?? null;
  const attribute = findTarget(type, { name })?.attribute;
  if (attribute !== undefined) {
    if (attribute.kept === 'apart') readApart(reading, attribute, value);
    else
      readInto(
        reading.attributes,
        { attribute, value, holder: body, name },
        { path: attribute.name, tolerances, cleared, room },
      );
    if (isPassword(attribute) && typeof value === 'string') reading.password = value;
    return;
  }
  const extension = findExtension(type, name);
  if (extension !== undefined) readExtension(reading, extension, value);
  else refuseUnknownKey(type, name, tolerances);
}

interface Given {
  readonly attribute: Attribute;
  readonly value: JsonValue;
  /** Where it stood in the body. */
  readonly holder: JsonObject;
  readonly name: string;
}

function readInto(attributes: JsonObject, { attribute, value, holder, name }: Given, context: ReadContext): void {
  if (attribute.mutability === 'readOnly' || attribute.name === 'schemas') return;
  refuseDecimal(attribute, { holder, name, path: context.path });
  const read = readValue(attribute, value, context);
  // RFC 7643 §7: what is never returned is not kept in what is returned.
  if (read !== undefined && isReturned(attribute)) attributes[attribute.name] = read;
}

/** RFC 7643 §4.1.1. */
export function isPassword({ name, mutability }: Attribute): boolean {
  return name === 'password' && mutability === 'writeOnly';
}

export function isReturned({ mutability, returned }: Attribute): boolean {
  return mutability !== 'writeOnly' && returned !== 'never';
}

function readApart(reading: Reading, attribute: Attribute, value: JsonValue): void {
  if (attribute.mutability === 'readOnly') return;
  if (value === null || (Array.isArray(value) && value.length === 0)) reading.cleared.push(attribute.name);
  else if (!Array.isArray(value)) throw wrongType(attribute.name, value, 'an array');
  reading.members = readMembers(value ?? [], attribute.name);
}

function readExtension(reading: Reading, { id }: Schema, value: JsonValue): void {
  const { type, tolerances, cleared, room } = reading;
  if (value === null) {
    cleared.push(id);
    return;
  }
  if (!isObject(value)) throw wrongType(id, value, 'an object');
  const data: JsonObject = {};
  for (const name of Object.keys(value)) {
    const attribute = findTarget(type, { urn: id, name })?.attribute;
    if (attribute === undefined) continue;
    readInto(
      data,
      { attribute, value: value[name] ?? null, holder: value, name },
      { path: `${id}:${attribute.name}`, tolerances, cleared, room },
    );
  }
  if (Object.keys(data).length > 0) reading.attributes[id] = data;
}
