import {
  type Attribute,
  type AttributePath,
  type Comparison,
  type Filter,
  findSubAttribute,
  findTarget,
  type ResourceType,
} from '../scim/index.ts';
import { rewritesWith } from './rewrites.ts';
import { Used } from './used.ts';

const TEXTS = rewritesWith('filterText');
const PATHS = rewritesWith('path');
const FILTER_PATHS = rewritesWith('filterPath');
const COMPARISONS = rewritesWith('comparison');

/**
 * The text of a `filter` parameter as the parser reads it.
 *
 *     emails[type eq "work"].value eq "a@example.com"  →  emails[(type eq "work") and value eq "a@example.com"]
 */
export function rewriteFilterText(text: string): { readonly text: string; readonly used: readonly string[] } {
  const used = new Used();
  let rewritten = text;
  for (const { name, hook } of TEXTS) {
    const next = hook(rewritten);
    if (next !== rewritten) used.note(name);
    rewritten = next;
  }
  return { text: rewritten, used: used.names };
}

/**
 * A parsed filter as it is looked up: what each attribute's type makes of what it is compared with.
 *
 *     active eq "True" and externalId eq 701984  →  active eq true and externalId eq "701984"
 */
export function rewriteFilter(
  type: ResourceType,
  filter: Filter<AttributePath>,
): { readonly filter: Filter<AttributePath>; readonly used: readonly string[] } {
  const used = new Used();
  return { filter: rewriteTree(filter, type, used), used: used.names };
}

/** The filter inside the brackets of `parent`: its names are the parent's sub-attributes. */
export function rewriteElementFilter(
  parent: Attribute,
  filter: Filter<AttributePath>,
  used: Used,
): Filter<AttributePath> {
  return rewriteTree(filter, parent, used);
}

/** The path of an attribute, in a filter or of an operation. */
export function rewriteAttributePath(type: ResourceType, given: AttributePath, used: Used): AttributePath {
  let path = given;
  for (const { name, hook } of PATHS) {
    const next = hook(path, type);
    if (next !== path) used.note(name);
    path = next;
  }
  return path;
}

/** Where the names of a filter are looked up: a resource type, or inside brackets the attribute before them. */
type Scope = ResourceType | Attribute;

function rewriteTree(filter: Filter<AttributePath>, scope: Scope, used: Used): Filter<AttributePath> {
  switch (filter.kind) {
    case 'and':
    case 'or': {
      const terms = filter.terms.map((term) => rewriteTree(term, scope, used));
      return terms.every((term, index) => term === filter.terms[index]) ? filter : { ...filter, terms };
    }
    case 'not': {
      const term = rewriteTree(filter.term, scope, used);
      return term === filter.term ? filter : { ...filter, term };
    }
    case 'present':
      return withPath(filter, scope, used);
    case 'compare': {
      const comparison = withPath(filter, scope, used);
      const attribute = lookUp(comparison.path, scope);
      return attribute === undefined ? comparison : rewriteComparison(comparison, attribute, used);
    }
    case 'elements': {
      const elements = withPath(filter, scope, used);
      const parent = lookUp(elements.path, scope);
      if (parent === undefined) return elements;
      const inner = rewriteTree(elements.filter, parent, used);
      return inner === elements.filter ? elements : { ...elements, filter: inner };
    }
  }
}

function withPath<T extends { readonly path: AttributePath }>(node: T, scope: Scope, used: Used): T {
  if (!('schema' in scope)) return node;
  let path = rewriteAttributePath(scope, node.path, used);
  for (const { name, hook } of FILTER_PATHS) {
    const next = hook(path, scope);
    if (next !== path) used.note(name);
    path = next;
  }
  return path === node.path ? node : { ...node, path };
}

function lookUp(path: AttributePath, scope: Scope): Attribute | undefined {
  if (!('schema' in scope)) return findSubAttribute(scope, path.name);
  const target = findTarget(scope, path);
  return target?.sub ?? target?.attribute;
}

function rewriteComparison(
  given: Comparison<AttributePath>,
  attribute: Attribute,
  used: Used,
): Comparison<AttributePath> {
  let comparison = given;
  for (const { name, hook } of COMPARISONS) {
    const next = hook.concerns(attribute) ? hook.rewrite(comparison) : comparison;
    if (next !== comparison) used.note(name);
    comparison = next;
  }
  return comparison;
}
