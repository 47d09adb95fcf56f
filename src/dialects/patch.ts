import {
  atOnce,
  isObject,
  type JsonObject,
  type JsonValue,
  MAX_OPERATIONS,
  type ResourceType,
  writtenAsDecimal,
} from '../scim/index.ts';
import { type Field, type Fields, fieldsOf } from './fields.ts';
import { type Operation, readOperation } from './operation.ts';
import { hasPlainFilter, rewritePathText } from './path-text.ts';
import type { RewrittenBody } from './resource.ts';
import { REWRITES } from './rewrites.ts';
import { Used } from './used.ts';
import { rewriteAll, rewriteAttributes, rewriteOne, rewriteOperand } from './values.ts';

/**
 * The body of a PATCH as the engine reads it; one operation may become several. Never throws: what is no operation, or
 * has a path that cannot be read, is left for the engine to refuse.
 *
 *     {"schemas":[…],"Operations":[{"op":"Remove","path":"members","value":[{"value":"2819c223"}]}]}
 *   → {"schemas":[…],"Operations":[{"op":"remove","path":"members[value eq \"2819c223\"]"}]}, used: remove-members-by-value
 */
export function rewritePatch(type: ResourceType, given: JsonValue): RewrittenBody {
  return atOnce(rewritePatchInSteps(type, given));
}

/** The same of a long body, in steps. */
export function* rewritePatchInSteps(type: ResourceType, given: JsonValue): Generator<void, RewrittenBody> {
  const rewriting = begin(type, given);
  for (let index = 0; index < rewriting.operations.length; index++) {
    rewriteAtIndex(rewriting, index);
    if (index % IN_A_STEP === IN_A_STEP - 1) yield;
  }
  return end(rewriting);
}

const IN_A_STEP = 20;

interface Rewriting {
  readonly type: ResourceType;
  readonly body: JsonValue;
  /** The name that the operations stand under. */
  readonly key: string;
  readonly operations: readonly JsonValue[];
  readonly used: Used;
  /** Undefined as long as all stay as they are. */
  rewritten: JsonValue[] | undefined;
  /** Characters of paths that were none before. */
  added: number;
}

function begin(type: ResourceType, given: JsonValue): Rewriting {
  const used = new Used();
  const body = isObject(given) ? rewriteMessage(given, used) : given;
  const key = isObject(body) ? Object.keys(body).find((name) => name.toLowerCase() === 'operations') : undefined;
  const found = key === undefined ? undefined : (body as JsonObject)[key];
  // More than these the engine refuses unread, and so no time is spent on them here.
  const operations = Array.isArray(found) && found.length <= MAX_OPERATIONS ? found : NO_OPERATIONS;
  return { type, body, key: key ?? '', operations, used, rewritten: undefined, added: 0 };
}

const NO_OPERATIONS: readonly JsonValue[] = [];

function rewriteAtIndex(rewriting: Rewriting, index: number): void {
  const { type, operations, used } = rewriting;
  const json = operations[index] ?? null;
  const operation = isRounded(json) ? undefined : readOperation(json);
  const replaced = operation && rewriteOperation(type, operation, { used, from: 0 });
  rewriting.added += replaced === undefined ? 0 : addedBy(replaced);
  if (replaced !== undefined && rewriting.added <= MOST_ADDED) {
    rewriting.rewritten ??= operations.slice(0, index);
    for (const one of replaced) rewriting.rewritten.push({ ...one });
  } else rewriting.rewritten?.push(json);
}

function end({ body, key, used, rewritten }: Rewriting): RewrittenBody {
  if (rewritten === undefined) return { body, used: used.names };
  return { body: { ...(body as JsonObject), [key]: rewritten }, used: used.names };
}

function rewriteMessage(given: JsonObject, used: Used): JsonObject {
  let body = given;
  for (const { name, message } of REWRITES) {
    const next = message?.(body) ?? body;
    if (next !== body) used.note(name);
    body = next;
  }
  return body;
}

/** Characters in paths of filters that were none before: fifty thousand members, each found by its id. */
const MOST_ADDED = 3_000_000;

function addedBy(operations: readonly Operation[]): number {
  if (operations.length < 2) return 0;
  return operations.reduce((sum, { path }) => sum + (path?.length ?? 0), 0);
}

/** `"value":1.0`: only the object that was parsed remembers how it was written, and the engine asks it. */
function isRounded(json: JsonValue): boolean {
  if (!isObject(json)) return false;
  for (const key in json) if (typeof json[key] === 'number' && writtenAsDecimal(json, key)) return true;
  return false;
}

interface Progress {
  readonly used: Used;
  /** The index of the first rewrite that is still to be tried: what one gives is given to those after it. */
  readonly from: number;
}

function rewriteOperation(
  type: ResourceType,
  operation: Operation,
  { used, from }: Progress,
): readonly Operation[] | undefined {
  for (let index = from; index < REWRITES.length; index++) {
    const rewrite = REWRITES[index];
    const replaced = rewrite?.operation?.(operation, type);
    if (rewrite === undefined || replaced === undefined) continue;
    used.note(rewrite.name);
    return replaced.flatMap((one) => rewriteOperation(type, one, { used, from: index + 1 }) ?? [one]);
  }
  const one = rewriteInside(type, operation, used);
  return one === operation ? undefined : [one];
}

/** The path and the value of an operation that stays one. */
function rewriteInside(type: ResourceType, operation: Operation, used: Used): Operation {
  const { op, path, value } = operation;
  if (path === undefined) return withValue(operation, rewriteMany(value, fieldsOf(type), used));
  const plain = fieldsOf(type).get(path);
  if (plain !== undefined) return withValue(operation, rewriteAt(operation, plain, used));
  if (op === 'remove' && hasPlainFilter(type, path)) return operation;
  const { text, field, isElement } = rewritePathText(type, path, used);
  const at = text === path ? operation : { op, path: text, ...(value === undefined ? {} : { value }) };
  if (field === undefined) return at;
  return withValue(at, isElement ? rewriteElement(at, field, used) : rewriteAt(at, field, used));
}

function withValue(operation: Operation, value: JsonValue | undefined): Operation {
  return value === operation.value || value === undefined ? operation : { ...operation, value };
}

function rewriteMany(value: JsonValue | undefined, fields: Fields, used: Used): JsonValue | undefined {
  return isObject(value) ? rewriteAttributes(value, fields, used) : value;
}

function rewriteAt({ op, value }: Operation, field: Field, used: Used): JsonValue | undefined {
  if (value === undefined || op === 'remove') return value;
  // RFC 7644 §3.5.2.1: one element may be added as it is.
  if (op === 'add' && field.multiValued && isObject(value)) return rewriteOne(value, field, used);
  return rewriteAll(rewriteOperand(value, field, used), field, used);
}

function rewriteElement({ op, value }: Operation, field: Field, used: Used): JsonValue | undefined {
  return value === undefined || op === 'remove' ? value : rewriteOne(value, field, used);
}
