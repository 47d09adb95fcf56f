import {
  DESCRIBING,
  fold,
  type JsonObject,
  type JsonValue,
  mergeDuplicates,
  notPrimary,
  sameValue,
} from '../../scim/index.ts';
import type { KeptCondition } from '../policy.ts';
import type { Kept, KeptElements } from './kept-tree.ts';

/**
 * Of the elements that were asked for, those that are kept, and of these the parts; then the ones that were there and are
 * not the provider's to alter. As they stood, in their order, when nothing of what is kept differs.
 */
export function keepElements(
  was: readonly JsonObject[],
  is: readonly JsonObject[],
  { selections, attribute }: Kept,
): JsonValue[] {
  const before = chosenBy(selections, { elements: was, isOurs: () => true });
  const held = was.filter((element) => before.has(element));
  const others = was.filter((element) => !before.has(element));
  const ours = new Set(others.map((element) => JSON.stringify(element)));
  const claimed = withPrimary(is, { held, selections });
  const chosen = chosenBy(selections, { elements: claimed, isOurs: (element) => ours.has(JSON.stringify(element)) });
  const kept = claimed.flatMap((element) => {
    const fitting = chosen.get(element);
    if (fitting === undefined) return [];
    const said = fitting.some(isOfPrimary) ? { ...element, primary: true } : element;
    const parts = partsOf(fitting);
    return parts === undefined ? [said] : reduced(said, { parts, was: partnerOf(element, held) });
  });
  const merged = (some: readonly JsonValue[]) =>
    (attribute === undefined ? some : mergeDuplicates(attribute, some)) as readonly JsonObject[];
  // Without what told them apart, two may be one.
  const taken = merged(kept);
  if (sameValue([...taken], [...held])) return [...was];
  // RFC 7643 §2.4: `primary` is true at most once, and the new one has it.
  const stay = taken.some(isPrimary) ? others.map(notPrimary) : others;
  return [...taken, ...merged([...taken, ...stay]).slice(taken.length)];
}

function isPrimary({ primary }: JsonObject): boolean {
  return primary === true;
}

/** A new primary one that would not be kept, primary or not, takes that from nobody. */
function withPrimary(
  is: readonly JsonObject[],
  { held, selections }: { held: readonly JsonObject[]; selections: readonly KeptElements[] },
): readonly JsonObject[] {
  const [was, now] = [held.find(isPrimary), is.find(isPrimary)];
  if (was === undefined || now === undefined) return is;
  const candidates = is.filter((element) => selections.some((selection) => isCandidate(element, selection)));
  const still = candidates.includes(now) ? undefined : partnerOf(was, candidates);
  return is.map((element) => (element === still ? { ...element, primary: true } : element));
}

interface Given {
  readonly elements: readonly JsonObject[];
  /** Whether it stands for itself, and is no provider's to mean. */
  readonly isOurs: (element: JsonObject) => boolean;
}

function chosenBy(selections: readonly KeptElements[], given: Given): ReadonlyMap<JsonObject, readonly KeptElements[]> {
  const pairs = selections.flatMap((selection) =>
    chosenOf(selection, given).map((element) => ({ element, selection })),
  );
  return new Map(
    [...Map.groupBy(pairs, ({ element }) => element)].map(([element, some]) => [
      element,
      some.map(({ selection }) => selection),
    ]),
  );
}

/**
 * Where only the primary one is kept, and none of those that meet the rest says that it is it, it is the only one of them
 * that was sent and does not say: Entra writes `emails[type eq "work"].value`, and no `primary` beside it (decision 0027).
 */
function chosenOf(selection: KeptElements, { elements, isOurs }: Given): readonly JsonObject[] {
  const candidates = elements.filter((element) => isCandidate(element, selection));
  if (!isOfPrimary(selection)) return candidates;
  const primary = candidates.filter(isPrimary);
  const unsaid = candidates.filter((element) => element.primary === undefined && !isOurs(element));
  return primary.length === 0 && unsaid.length === 1 ? unsaid : primary;
}

/** Whether it meets all conditions, were it the primary one. */
function isCandidate(element: JsonObject, { where = [] }: KeptElements): boolean {
  return where.every((condition) => saysPrimary(condition) || meets(element, condition));
}

function isOfPrimary({ where = [] }: KeptElements): boolean {
  return where.some(saysPrimary);
}

function saysPrimary({ sub, value }: KeptCondition): boolean {
  return sub === 'primary' && value === true;
}

function meets(element: JsonObject, { sub, value }: KeptCondition): boolean {
  // RFC 7643 §2.4: `primary` is false where it is not said.
  const found = element[sub] ?? (sub === 'primary' ? false : undefined);
  return found !== undefined && fold(String(found)) === fold(String(value));
}

/** Undefined: all parts. */
function partsOf(fitting: readonly KeptElements[]): ReadonlySet<string> | undefined {
  if (fitting.some(({ sub }) => sub === undefined)) return undefined;
  return new Set(fitting.flatMap(({ where, sub }) => [sub ?? '', ...(where ?? []).map((one) => one.sub)]));
}

/** Which of the others this one is, before or after: the one with its value, else the only one that is kept. */
function partnerOf(element: JsonObject, others: readonly JsonObject[]): JsonObject | undefined {
  const same = others.find(({ value }) => value !== undefined && sameValue(value, element.value));
  return same ?? (others.length === 1 ? others[0] : undefined);
}

/** The parts that are kept, beside those that were there; nothing where no more is left than what describes a value. */
function reduced(
  element: JsonObject,
  { parts, was = {} }: { parts: ReadonlySet<string>; was: JsonObject | undefined },
): readonly JsonObject[] {
  const result: JsonObject = {};
  for (const name of new Set([...Object.keys(element), ...Object.keys(was)])) {
    const value = parts.has(name) ? element[name] : was[name];
    if (value !== undefined) result[name] = value;
  }
  return Object.keys(result).some((name) => !DESCRIBING.has(name)) ? [result] : [];
}
