import { canonical, checkRequired, checkRequiredOfExtensions } from '../canonical.ts';
import { ScimError } from '../error.ts';
import { checkSchemaUrns, isReturned } from '../read-resource.ts';
import { readValue, wrongType } from '../read-value.ts';
import type { Patched, PatchOperation, Tolerances } from '../request.ts';
import type { Resource, ResourceType } from '../schema/attribute.ts';
import { findSubAttribute } from '../schema/find.ts';
import type { Target } from '../target.ts';
import { isObject, type JsonObject, type JsonValue } from '../value.ts';
import { dropEmptied } from './drop-emptied.ts';
import { addElements, editAllElements, editElements } from './edit-elements.ts';
import { memberEdit } from './edit-members.ts';
import { assign, assignSub, BUDGET, held, type Patching, refuseUnsetting } from './patching.ts';
import { keptApart, targetText } from './path-text.ts';
import { spread } from './spread.ts';

/**
 * What operations from `readPatch` make of a resource, one after the other (RFC 7644 §3.5.2): all of them or, with an
 * error, none; `before` stays as it is. What is kept apart comes out as edits, in order.
 *
 * @throws ScimError invalidValue, mutability, noTarget; 413 for too many filtered removals of members
 */
export function applyPatch(
  type: ResourceType,
  before: Resource,
  operations: readonly PatchOperation[],
  tolerances: Tolerances,
): Patched {
  const patching: Patching = {
    type,
    tolerances,
    resource: { ...before },
    memberEdits: [],
    emptied: new Map(),
    budget: BUDGET,
  };
  for (const operation of operations) apply(patching, operation);
  if (tolerances.dropEmptyElements) dropEmptied(patching, before);
  const after = canonical(type, patching.resource);
  checkRequired(type, after);
  checkRequiredOfExtensions(type, after, before);
  return { after, memberEdits: patching.memberEdits };
}

function apply(patching: Patching, operation: PatchOperation): void {
  const { op, path } = operation;
  const value = operation.value ?? null;
  if (path.kind === 'extension') applyToExtension(patching, operation, path.urn);
  else if (keptApart(path.target)) memberEdit(patching, { op, path, value });
  // RFC 7643 §2.5: null is no value, so there is nothing to add.
  else if (op === 'add' && value === null) return;
  else if (path.kind === 'elements') editElements(patching, { op, path, value });
  else if (path.target.sub === undefined) applyToAttribute(patching, operation);
  else if (path.target.attribute.multiValued) editAllElements(patching, { op, target: path.target, value });
  else assignSub(patching, { target: path.target, sub: path.target.sub, value: op === 'remove' ? null : value });
}

function applyToExtension(patching: Patching, { op, value }: PatchOperation, urn: string): void {
  const { type, tolerances, resource } = patching;
  if (op !== 'remove' && isObject(value)) {
    for (const part of spread(type, { op, value, urn }, tolerances)) apply(patching, part);
    return;
  }
  const extension = type.extensions.find(({ schema }) => schema.id === urn);
  const was = resource[urn];
  if (extension === undefined || !isObject(was)) return;
  if (extension.required) throw ScimError.mutability(`${urn} is required, so it cannot be removed.`);
  // RFC 7644 §3.5.2: what a client cannot change stays, or stands in the way.
  const kept: JsonObject = {};
  for (const attribute of extension.schema.attributes) {
    const value = was[attribute.name];
    if (value === undefined) continue;
    if (attribute.mutability === 'readOnly') kept[attribute.name] = value;
    else refuseUnsetting(attribute, value, `${urn}:${attribute.name}`);
  }
  if (Object.keys(kept).length > 0) resource[urn] = kept;
  else delete resource[urn];
}

function applyToAttribute(patching: Patching, operation: PatchOperation): void {
  const { op, path } = operation;
  if (path.kind !== 'attribute') return;
  const { target } = path;
  const { attribute } = target;
  const value = op === 'remove' ? null : (operation.value ?? null);
  const context = { path: targetText(target), tolerances: patching.tolerances };
  if (attribute.name === 'schemas' && target.extension === undefined) {
    checkSchemas(patching, op, value);
  } else if (!isReturned(attribute)) {
    // A password is checked to be text, and is nothing of what is shown: see `passwordIn`.
    readValue(attribute, value, context);
  } else if (attribute.multiValued) {
    if (op === 'add') addElements(patching, { target, values: Array.isArray(value) ? value : [value] });
    else assign(patching, target, readValue(attribute, value, context));
  } else if (attribute.type === 'complex' && value !== null) merge(patching, operation, value);
  else assign(patching, target, readValue(attribute, value, context) ?? unassigned(patching, target));
}

/** Nobody is brought back, or put out, by taking `active` away: it stays as it is (strict: the default, as on PUT). */
function unassigned(patching: Patching, target: Target): JsonValue | undefined {
  if (target.extension !== undefined || target.attribute.name !== 'active') return undefined;
  return (patching.tolerances.keepActiveOnReplace ? held(patching, target) : undefined) ?? true;
}

/** `schemas` follows from the data (RFC 7643 §3.3), so what a client says of it is checked and leaves no trace (PAT-57). */
function checkSchemas({ type, tolerances }: Patching, op: PatchOperation['op'], value: JsonValue): void {
  if (op === 'remove') throw ScimError.mutability('schemas is required, so it cannot be removed.');
  const urns = Array.isArray(value) ? value : [value];
  checkSchemaUrns(type, op === 'add' ? [type.schema.id, ...urns] : urns, tolerances);
}

/** RFC 7644 §3.5.2.1 and §3.5.2.3 (conflict D10): the named sub-attributes change, the others stay. */
function merge(patching: Patching, { op, path }: PatchOperation, value: JsonValue): void {
  if (path.kind !== 'attribute') return;
  const { target } = path;
  if (!isObject(value)) throw wrongType(targetText(target), value, 'an object');
  for (const name of Object.keys(value)) {
    const sub = findSubAttribute(target.attribute, name);
    const part = value[name] ?? null;
    if (sub === undefined || sub.mutability === 'readOnly' || (op === 'add' && part === null)) continue;
    assignSub(patching, { target, sub, value: part });
  }
}
