import { field, findSubAttribute, findTarget, type JsonValue, type ResourceType } from '../scim/index.ts';
import { NOTHING, type Operation } from './operation.ts';
import type { Rewrite } from './rewrite.ts';

/**
 *     {"op":"Remove","path":"members","value":[{"$ref":null,"value":"2819c223"},{"value":"902c246b"}]}
 *   → {"op":"remove","path":"members[value eq \"2819c223\" or value eq \"902c246b\"]"}
 *
 * Those and no others leave: an engine that overlooks `value` removes everybody (segment-docs#6726). An empty list
 * names nobody, so nobody leaves. Only without any value at all does `remove members` clear the group.
 *
 * The same for every list of elements that have a `value`: `roles`, `emails`.
 */
export const removeMembersByValue: Rewrite = {
  name: 'remove-members-by-value',
  quirks: [4],
  sentBy: 'Entra ID without aadOptscim062020, JumpCloud (§2.2, §3)',
  operation: ({ op, path, value }, type) => {
    if (op !== 'remove' || path === undefined || value === undefined || value === null) return undefined;
    if (!namesList(type, path)) return undefined;
    const elements = Array.isArray(value) ? value : [value];
    if (elements.length > MAX_VALUES) return undefined;
    const values = elements.map(idOf);
    if (!values.every((each) => each !== undefined)) return undefined;
    return values.length === 0 ? [NOTHING] : removals(path, values);
  },
};

/** A multi-valued attribute and nothing more: no brackets, no sub-attribute. */
function namesList(type: ResourceType, path: string): boolean {
  const colon = path.lastIndexOf(':');
  const name = path.slice(colon + 1);
  const target = findTarget(type, colon === -1 ? { name } : { urn: path.slice(0, colon), name });
  return (
    target !== undefined &&
    target.sub === undefined &&
    target.attribute.multiValued &&
    findSubAttribute(target.attribute, 'value') !== undefined
  );
}

function idOf(element: JsonValue): string | undefined {
  const value =
    typeof element === 'object' && element !== null && !Array.isArray(element) ? field(element, 'value') : element;
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Thousands may leave at once: each path stays well within the parser's limits of length and of comparisons. */
function removals(path: string, values: readonly string[]): Operation[] {
  const operations: Operation[] = [];
  let terms: string[] = [];
  let length = 0;
  for (const value of values) {
    const term = `value eq ${JSON.stringify(value)}`;
    if (terms.length > 0 && length + term.length > PATH_LENGTH) {
      operations.push(removal(path, terms));
      terms = [];
      length = 0;
    }
    terms.push(term);
    length += term.length + ' or '.length;
  }
  operations.push(removal(path, terms));
  return operations;
}

function removal(path: string, terms: readonly string[]): Operation {
  return { op: 'remove', path: `${path}[${terms.join(' or ')}]` };
}

/** No provider lists so many at once; reading them as paths takes longer than reading a list of members. */
const MAX_VALUES = 100_000;

/** Of 8,192 characters and 256 comparisons, the shortest of which has 16. */
const PATH_LENGTH = 4000;
