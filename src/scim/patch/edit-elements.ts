import { isPrimary, mergeDuplicates, notPrimary, refuseTwoPrimaries, weightOf } from '../elements.ts';
import { sameValue } from '../equal.ts';
import { ScimError } from '../error.ts';
import { matches } from '../filter/match.ts';
import { testsOf } from '../filter/tests-of.ts';
import { checkCount, readElements, readSingle } from '../read-value.ts';
import { immutable } from '../replace.ts';
import type { PatchOperation } from '../request.ts';
import type { Target } from '../target.ts';
import { isObject, type JsonObject, type JsonValue } from '../value.ts';
import { type ElementsPath, elementToCreate } from './element-to-create.ts';
import { assign, held, type Patching, spend, withSub } from './patching.ts';
import { targetText } from './path-text.ts';

/** RFC 7644 §3.5.2.1: add appends; what is there already stays one. A new primary value is the only one. */
export function addElements(
  patching: Patching,
  { target, values }: { target: Target; values: readonly JsonValue[] },
): void {
  const added = readElements(target.attribute, values, { path: targetText(target), tolerances: patching.tolerances });
  if (added === undefined) return;
  const elements = elementsAt(patching, target);
  settle(patching, target, { elements: [...elements, ...added], changed: new Set(added) });
}

/**
 * An operation on the elements that a filter chooses:
 *
 *     replace emails[type eq "work"].value "a@example.com"     remove addresses[type eq "home"]
 *
 * @throws ScimError noTarget when none is chosen, except where `createOnMiss` creates one
 */
export function editElements(
  patching: Patching,
  { op, path, value }: { op: PatchOperation['op']; path: ElementsPath; value: JsonValue },
): void {
  const { target, filter, sub } = path;
  const elements = elementsAt(patching, target);
  spend(patching, weightOf(target.attribute, elements) * testsOf(filter).length);
  const chosen = elements.map((element) => isObject(element) && matches(filter, element));
  if (!chosen.includes(true)) {
    const created = elementToCreate(patching.tolerances, { op, path, value });
    addElements(patching, { target, values: [created] });
  } else if (sub !== undefined) editSub(patching, { op, target: { ...target, sub }, value, chosen });
  else editWhole(patching, { op, target, value, chosen });
}

/** `emails.type` without a filter: every element's. */
export function editAllElements(
  patching: Patching,
  { op, target, value }: { op: PatchOperation['op']; target: Target; value: JsonValue },
): void {
  const elements = elementsAt(patching, target);
  if (elements.length === 0) {
    if (op === 'remove' || value === null) return;
    throw ScimError.noTarget(`${target.attribute.name} has no values, so ${targetText(target)} has nothing to change.`);
  }
  editSub(patching, { op, target, value, chosen: elements.map(() => true) });
}

interface Chosen {
  readonly op: PatchOperation['op'];
  readonly target: Target;
  readonly value: JsonValue;
  /** For each element, whether it is meant. */
  readonly chosen: readonly boolean[];
}

function editSub(patching: Patching, { op, target, value, chosen }: Chosen): void {
  const { sub } = target;
  if (sub === undefined) return;
  const how = { value: op === 'remove' ? null : value, path: targetText(target), tolerances: patching.tolerances };
  if (how.value === null) {
    const whole = wholeOf(target);
    patching.emptied.set(targetText(whole), whole);
  }
  edit(patching, target, chosen, (element) => (isObject(element) ? withSub(element, sub, how) : element));
}

/** RFC 7644 §3.5.2.1 merges into the chosen values, §3.5.2.3 puts the new one in their place. */
function editWhole(patching: Patching, { op, target, value, chosen }: Chosen): void {
  const { attribute } = target;
  const context = { path: targetText(target), tolerances: patching.tolerances };
  const read = op === 'remove' || value === null ? undefined : readSingle(attribute, value, context);
  if (op === 'add' && read === undefined) return;
  edit(patching, target, chosen, (element) => {
    if (isObject(element) && isObject(read)) {
      refuseImmutable(target, element, read);
      return op === 'add' ? { ...element, ...read } : read;
    }
    return read;
  });
}

function refuseImmutable(target: Target, was: JsonObject, is: JsonObject): void {
  for (const sub of target.attribute.subAttributes ?? []) {
    const value = was[sub.name];
    if (sub.mutability !== 'immutable' || value === undefined || is[sub.name] === undefined) continue;
    if (!sameValue(value, is[sub.name])) throw immutable(targetText({ ...target, sub }));
  }
}

/** Puts what `change` makes of each chosen element in its place; nothing, or nothing left of it, takes it out. */
function edit(
  patching: Patching,
  target: Target,
  chosen: readonly boolean[],
  change: (element: JsonValue) => JsonValue | undefined,
): void {
  const changed = new Set<JsonValue>();
  const elements: JsonValue[] = [];
  elementsAt(patching, target).forEach((element, index) => {
    if (!chosen[index]) {
      elements.push(element);
      return;
    }
    const made = change(element);
    if (made === undefined || (isObject(made) && Object.keys(made).length === 0)) return;
    // A fresh object, so that two elements which become the same are still told apart.
    const own = isObject(made) ? { ...made } : made;
    elements.push(own);
    changed.add(own);
  });
  settle(patching, target, { elements, changed });
}

/** RFC 7644 §3.5.2: whatever an operation does, at most one value is primary, and the newest to say so is. */
function settle(
  patching: Patching,
  target: Target,
  { elements, changed }: { elements: readonly JsonValue[]; changed: ReadonlySet<JsonValue> },
): void {
  const { attribute } = target;
  const whole = wholeOf(target);
  const path = targetText(whole);
  spend(patching, 2 * weightOf(attribute, elements));
  refuseTwoPrimaries([...changed], path);
  const takesOver = [...changed].some(isPrimary);
  const settled = takesOver
    ? elements.map((element) => (changed.has(element) ? element : notPrimary(element)))
    : elements;
  const merged = mergeDuplicates(attribute, settled);
  checkCount(path, merged.length);
  assign(patching, whole, merged.length === 0 ? undefined : merged);
}

function wholeOf({ attribute, extension }: Target): Target {
  return extension === undefined ? { attribute } : { extension, attribute };
}

function elementsAt(patching: Patching, target: Target): readonly JsonValue[] {
  const elements = held(patching, target);
  return Array.isArray(elements) ? elements : [];
}
