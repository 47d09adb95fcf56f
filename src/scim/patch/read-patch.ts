import { ScimError } from '../error.ts';
import { checkMessage, field } from '../message-fields.ts';
import { PATCH_OP } from '../messages.ts';
import { parsePath, resolvePath } from '../path.ts';
import { checkSchemaCount } from '../read-resource.ts';
import { refuseDecimal, wrongType } from '../read-value.ts';
import type { PatchOperation, PatchPath, Tolerances } from '../request.ts';
import type { ResourceType } from '../schema/attribute.ts';
import { atOnce } from '../steps.ts';
import { isObject, type JsonObject, type JsonValue } from '../value.ts';
import { keptApart, pathText, targetAttribute } from './path-text.ts';
import { spread } from './spread.ts';

/**
 * RFC 7644 §3.5.2:
 *
 *     {"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
 *      "Operations":[{"op":"Replace","path":"name.familyName","value":"Jensen"},{"op":"add","value":{"title":"x"}}]}
 *
 * as operations whose paths are looked up and may be changed; one without a path becomes one for each attribute of its
 * value. Values are checked when they are applied, against what is there by then.
 *
 * @throws ScimError invalidSyntax, invalidPath, invalidFilter, invalidValue, mutability, noTarget; 413 for too many
 */
export function readPatch(type: ResourceType, body: JsonValue, tolerances: Tolerances): readonly PatchOperation[] {
  return atOnce(readPatchInSteps(type, body, tolerances));
}

export function* readPatchInSteps(
  type: ResourceType,
  body: JsonValue,
  tolerances: Tolerances,
): Generator<void, readonly PatchOperation[]> {
  const operations: PatchOperation[] = [];
  for (const [index, operation] of operationsIn(body).entries()) {
    operations.push(...readOperation(type, operation, { tolerances, index }));
    if (index % IN_A_STEP === IN_A_STEP - 1) yield;
  }
  refuseTooManyInline(operations);
  return operations;
}

const IN_A_STEP = 20;

function operationsIn(body: JsonValue): readonly JsonValue[] {
  if (!isObject(body)) throw ScimError.invalidSyntax('The body must be a JSON object with schemas and Operations.');
  const schemas = field(body, 'schemas');
  if (Array.isArray(schemas)) checkSchemaCount(schemas.length);
  checkMessage(body, PATCH_OP);
  const given = field(body, 'operations');
  if (!Array.isArray(given) || given.length === 0) {
    throw ScimError.invalidSyntax('Operations is required: an array of at least one operation was expected.');
  }
  if (given.length > MAX_OPERATIONS) throw tooMany(given.length, MAX_OPERATIONS);
  return given;
}

function refuseTooManyInline(operations: readonly PatchOperation[]): void {
  const inline = operations.filter(({ path }) => !isApart(path)).length;
  if (inline > MAX_INLINE_OPERATIONS) throw tooMany(inline, MAX_INLINE_OPERATIONS);
}

/** An edit of members costs what it says; any other may look at a thousand values of its attribute. */
export const MAX_OPERATIONS = 10_000;
export const MAX_INLINE_OPERATIONS = 1000;

function tooMany(count: number, limit: number): ScimError {
  return ScimError.tooLarge(
    `The request has ${count} operations; at most ${limit} are taken at once. Send them in several requests.`,
  );
}

function isApart(path: PatchPath): boolean {
  return path.kind !== 'extension' && keptApart(path.target);
}

function isText(value: JsonValue): value is string {
  return typeof value === 'string';
}

function readOperation(
  type: ResourceType,
  given: JsonValue,
  { tolerances, index }: { tolerances: Tolerances; index: number },
): readonly PatchOperation[] {
  if (!isObject(given))
    throw ScimError.invalidSyntax(`Operations[${index}] must be an object with op, path and value.`);
  const op = readOp(field(given, 'op'), index);
  const pathGiven = field(given, 'path') ?? undefined;
  const value = field(given, 'value');
  if (op !== 'remove' && value === undefined) {
    throw ScimError.invalidValue(`Operations[${index}] has no value; ${op} needs one.`);
  }
  if (pathGiven === undefined) return readPathless(type, { op, value }, tolerances);
  if (!isText(pathGiven)) throw ScimError.invalidPath(`The path of Operations[${index}] must be a string.`);
  const path = resolvePath(parsePath(pathGiven, { unquotedValues: tolerances.unquotedFilterValues }), type);
  return readAt(path, { op, value, given }, { type, tolerances });
}

function readOp(given: JsonValue | undefined, index: number): PatchOperation['op'] {
  // Conflict D15: in any case.
  const op = typeof given === 'string' ? given.toLowerCase() : undefined;
  if (op === 'add' || op === 'remove' || op === 'replace') return op;
  throw ScimError.invalidSyntax(`The op of Operations[${index}] must be "add", "remove" or "replace".`);
}

function readPathless(
  type: ResourceType,
  { op, value }: { op: PatchOperation['op']; value: JsonValue | undefined },
  tolerances: Tolerances,
): readonly PatchOperation[] {
  // RFC 7644 §3.5.2.2.
  if (op === 'remove') throw ScimError.noTarget('A remove operation needs a path that says what to remove.');
  if (!isObject(value)) {
    // RFC 7644 §3.5.2.1 and §3.5.2.3.
    throw wrongType('The value of an operation without a path', value ?? null, 'an object of attributes');
  }
  return spread(type, { op, value }, tolerances);
}

function readAt(
  path: PatchPath,
  { op, value, given }: { op: PatchOperation['op']; value: JsonValue | undefined; given: JsonObject },
  { type, tolerances }: { type: ResourceType; tolerances: Tolerances },
): readonly PatchOperation[] {
  if (path.kind === 'extension') {
    if (op === 'add' && value === null) return [];
    if (op === 'remove' || value === null || value === undefined) return [{ op: 'remove', path }];
    if (!isObject(value)) throw wrongType(path.urn, value, 'an object');
    return spread(type, { op, value, urn: path.urn }, tolerances);
  }
  const attribute = targetAttribute(path);
  const text = pathText(path);
  // RFC 7644 §3.5.2: readOnly attributes are nobody's to change.
  if (path.target.attribute.mutability === 'readOnly' || attribute.mutability === 'readOnly') {
    throw ScimError.mutability(`${text} is read-only; it cannot be changed by a client.`);
  }
  if (op === 'remove') refuseRemovalOfSome(path, value);
  const name = Object.keys(given).find((key) => key.toLowerCase() === 'value');
  if (name !== undefined) refuseDecimal(attribute, { holder: given, name, path: text });
  return op === 'remove' || value === undefined ? [{ op, path }] : [{ op, path, value }];
}

/**
 * `{"op":"remove","path":"members","value":[{"value":"u1"}]}` means u1 and says everybody (PAT-40); so may a null: only
 * what has no value at all clears the attribute.
 */
function refuseRemovalOfSome(path: PatchPath, value: JsonValue | undefined): void {
  if (path.kind !== 'attribute' || !path.target.attribute.multiValued || path.target.sub !== undefined) return;
  if (value === undefined) return;
  const { name } = path.target.attribute;
  if (keptApart(path.target)) refuseOddIds(Array.isArray(value) ? value : [value], name);
  const some =
    path.target.attribute.type === 'complex'
      ? `use a path such as ${name}[value eq "…"]`
      : 'replace it by the list of those that are to stay';
  throw ScimError.invalidSyntax(
    `The value of this remove operation does not fit. To remove some of ${name}, ${some}; to remove all, leave the value out.`,
  );
}

function refuseOddIds(elements: readonly JsonValue[], name: string): void {
  for (const element of elements) {
    const id = (isObject(element) ? field(element, 'value') : element) ?? null;
    if (id !== null && !isText(id)) throw wrongType(`${name}.value`, id, 'a string');
  }
}
