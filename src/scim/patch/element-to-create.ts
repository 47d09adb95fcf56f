import { ScimError } from '../error.ts';
import type { Filter } from '../filter/tree.ts';
import type { PatchOperation, PatchPath, Tolerances } from '../request.ts';
import type { Target } from '../target.ts';
import { isObject, type JsonObject, type JsonValue } from '../value.ts';
import { pathText } from './path-text.ts';

export type ElementsPath = Extract<PatchPath, { kind: 'elements' }>;

/**
 * The element that an operation means although its filter matches none: Entra adds and replaces a work address before
 * there is one (erratum 8097 is held; conflict D12).
 *
 *     replace emails[type eq "work"].value "a@example.com" → {"type":"work","value":"a@example.com"}
 *     add     ims[value eq "a"].type "xmpp"                → {"value":"a","type":"xmpp"}
 *
 * A replace creates only what is of a type, or primary, and only by a sub-attribute; an add wherever the filter is made
 * of equalities. Null when there is nothing to create it with.
 *
 * @throws ScimError noTarget for everything else, and without `createOnMiss`
 */
export function elementToCreate(
  tolerances: Tolerances,
  { op, path, value }: { op: PatchOperation['op']; path: ElementsPath; value: JsonValue },
): JsonValue {
  const terms = tolerances.createOnMiss && op !== 'remove' ? termsOf(path.filter) : undefined;
  if (terms === undefined || !(op === 'add' || (path.sub !== undefined && isTypeOrPrimary(terms)))) {
    throw ScimError.noTarget(
      `No value of ${pathText({ kind: 'attribute', target: path.target })} matches the filter in the path, so there is nothing to ${op}.`,
    );
  }
  if (value === null) return null;
  if (path.sub !== undefined) return { ...terms, [path.sub.name]: value };
  return isObject(value) ? { ...terms, ...value } : value;
}

function isTypeOrPrimary(terms: JsonObject): boolean {
  return Object.keys(terms).every((name) => name === 'type' || name === 'primary');
}

/** `type eq "work" and primary eq true` → `{"type":"work","primary":true}`; undefined for anything but one equality a name. */
function termsOf(filter: Filter<Target>): JsonObject | undefined {
  if (filter.kind === 'and') {
    const terms: JsonObject = {};
    for (const term of filter.terms) {
      const more = termsOf(term);
      if (more === undefined || Object.keys(more).some((name) => Object.hasOwn(terms, name))) return undefined;
      Object.assign(terms, more);
    }
    return terms;
  }
  if (filter.kind !== 'compare' || filter.operator !== 'eq' || filter.value === null) return undefined;
  return { [filter.path.attribute.name]: filter.value };
}
