import type { Attribute, Filter, PatchOperation, PatchPath, ResourceType, Target } from '../../scim/index.ts';
import { fold } from '../../scim/index.ts';
import type { KeptAttribute, KeptCondition } from '../policy.ts';
import { nameIn } from './updates.ts';

/** How much of an attribute is kept: all of it, or some parts, or parts of some of its elements. */
export interface Kept {
  readonly whole: boolean;
  readonly parts: ReadonlyMap<string, Kept>;
  /** Of a multi-valued attribute: `sub` undefined is the whole element. */
  readonly selections: readonly KeptElements[];
  readonly attribute?: Attribute;
}

export interface KeptElements {
  readonly where: KeptAttribute['where'];
  readonly sub: string | undefined;
}

const WHOLE: Kept = { whole: true, parts: new Map(), selections: [] };

/** What no list has to name: how a user is told from others and from nobody, and what the server itself says. */
const ALWAYS = ['schemas', 'id', 'meta', 'userName', 'externalId', 'active', 'password'];

const trees = new WeakMap<readonly KeptAttribute[], Kept>();

/** Worked out once a policy. The names are those of schemas, never a client's. */
export function keptTree(type: ResourceType, keep: readonly KeptAttribute[]): Kept {
  let tree = trees.get(keep);
  if (tree === undefined) {
    const entries = keep.map(({ names, where }) => ({ names, where }));
    tree = treeOf([...entries, ...ALWAYS.map((name) => ({ names: [name], where: undefined }))], multiValuedIn(type));
    trees.set(keep, tree);
  }
  return tree;
}

interface Entry {
  readonly names: readonly string[];
  readonly where: KeptAttribute['where'];
}

function treeOf(entries: readonly Entry[], multiValued: ReadonlyMap<string, Attribute>, above = ''): Kept {
  const parts = new Map<string, Kept>();
  for (const [name, some] of Map.groupBy(entries, ({ names }) => names[0] ?? '')) {
    const path = `${above}${name}`;
    const isWhole = some.some(({ names, where }) => names.length === 1 && where === undefined);
    const attribute = multiValued.get(path);
    if (isWhole) parts.set(name, WHOLE);
    else if (attribute !== undefined) {
      const selections = some.map(({ names, where }) => ({ where, sub: names[1] }));
      parts.set(name, { whole: false, parts: new Map(), selections, attribute });
    } else {
      const below = some.map(({ names, where }) => ({ names: names.slice(1), where }));
      parts.set(name, treeOf(below, multiValued, `${path} `));
    }
  }
  return { whole: false, parts, selections: [] };
}

function multiValuedIn({ schema, extensions }: ResourceType): ReadonlyMap<string, Attribute> {
  const names = (attributes: readonly Attribute[], above: string) =>
    attributes.filter(({ multiValued }) => multiValued).map((one) => [`${above}${one.name}`, one] as const);
  return new Map([
    ...names(schema.attributes, ''),
    ...extensions.flatMap((one) => names(one.schema.attributes, `${one.schema.id} `)),
  ]);
}

/**
 * The operations of a PATCH that may touch what is kept. The others are not even tried: a path into what was never stored
 * would lead nowhere, and be refused.
 */
export function onlyOfKept(
  operations: readonly PatchOperation[],
  tree: Kept,
): { readonly applied: readonly PatchOperation[]; readonly ignored: readonly string[] } {
  const { applied = [], ignored = [] } = Object.groupBy(operations, ({ path }) =>
    reaches(path, tree) ? 'applied' : 'ignored',
  );
  return { applied, ignored: ignored.map(({ path }) => withSub(path)) };
}

function reaches(path: PatchPath, tree: Kept): boolean {
  if (path.kind === 'extension') return tree.parts.has(path.urn);
  const { extension, attribute, sub } = path.target;
  const holder = extension === undefined ? tree : tree.parts.get(extension);
  if (holder === undefined || holder.whole) return holder !== undefined;
  const kept = holder.parts.get(attribute.name);
  if (kept === undefined || kept.whole) return kept !== undefined;
  const part = path.kind === 'elements' ? path.sub : sub;
  if (kept.selections.length === 0) return part === undefined || kept.parts.has(part.name);
  return kept.selections.some(({ where, sub: name }) => {
    if (path.kind === 'elements' && where?.some((one) => excludes(path.filter, one))) return false;
    return part === undefined || name === undefined || name === part.name;
  });
}

/** Whether no element that meets the condition can match the filter. */
function excludes(filter: Filter<Target>, condition: KeptCondition): boolean {
  switch (filter.kind) {
    case 'and':
      return filter.terms.some((term) => excludes(term, condition));
    case 'or':
      return filter.terms.every((term) => excludes(term, condition));
    case 'compare':
      if (filter.operator !== 'eq' || filter.path.attribute.name !== condition.sub) return false;
      return fold(String(filter.value)) !== fold(String(condition.value));
    default:
      return false;
  }
}

function withSub(path: PatchPath): string {
  const sub = path.kind === 'elements' ? path.sub : path.kind === 'attribute' ? path.target.sub : undefined;
  return sub === undefined ? nameIn(path) : `${nameIn(path)}.${sub.name}`;
}
