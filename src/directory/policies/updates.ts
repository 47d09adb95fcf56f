import { type PatchOperation, type Resource, type ScimWrite, sameValue, type Tolerances } from '../../scim/index.ts';

/** What is made of a resource, and the attributes that were sent for nothing. */
export interface Taken {
  readonly after: Resource;
  readonly ignored: readonly string[];
}

/**
 * `updates: ignore`: nothing but `active` is altered, whatever else was sent, so that Okta's Force Sync passes and touches
 * nobody:
 *
 *     PUT {"userName":"bjensen","title":"Guide","active":true} → 200, and the title stays what it was
 */
export function onlyActive(
  request: Extract<ScimWrite, { kind: 'create' | 'replace' }>,
  before: Resource,
  { keepActiveOnReplace }: Tolerances,
): Taken {
  const { attributes } = request.draft;
  const kept = keepActiveOnReplace && request.kind === 'replace' ? before.active : undefined;
  return {
    after: { ...before, active: attributes.active ?? kept ?? true },
    ignored: Object.keys(attributes).filter((name) => name !== 'active' && !sameValue(attributes[name], before[name])),
  };
}

/** The same of a PATCH: what is left of its operations. */
export function onlyOfActive(operations: readonly PatchOperation[]): {
  readonly applied: readonly PatchOperation[];
  readonly ignored: readonly string[];
} {
  const { applied = [], ignored = [] } = Object.groupBy(operations, (one) => (isOfActive(one) ? 'applied' : 'ignored'));
  return { applied, ignored: ignored.map(({ path }) => nameIn(path)) };
}

function isOfActive({ path }: PatchOperation): boolean {
  return path.kind === 'attribute' && path.target.extension === undefined && path.target.attribute.name === 'active';
}

export function nameIn(path: PatchOperation['path']): string {
  if (path.kind === 'extension') return path.urn;
  const { extension, attribute } = path.target;
  return extension === undefined ? attribute.name : `${extension}:${attribute.name}`;
}
