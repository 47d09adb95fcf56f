import { canonical, type JsonValue, type Resource, type ResourceType } from '../../scim/index.ts';
import { withId } from '../propose.ts';
import type { NewRecord, StoredRecord } from '../record.ts';
import type { Net, Removal } from './net.ts';

/** A removed record as it comes back: under its old id, with a version that it never had. */
export function restoredRecord(
  type: ResourceType,
  { net, resource, removal, at }: { net: Net; resource: Resource; removal: Removal; at: string },
): NewRecord {
  const id = net.subject;
  const whole = withId(inOrder(type, resource), id);
  return {
    type,
    id,
    version: (removal.version ?? removal.seq) + 1,
    created: removal.created ?? at,
    modified: at,
    resource: whole,
    text: JSON.stringify(whole),
    ...(net.owned?.was === false ? { unowned: true as const } : {}),
  };
}

/** A record of which some attributes go back. */
export function revertedRecord(
  type: ResourceType,
  {
    current,
    before,
    values,
    at,
  }: { current: StoredRecord; before: Resource; values: ReadonlyMap<string, JsonValue>; at: string },
): NewRecord {
  const { ...after } = before;
  for (const [name, value] of values) {
    if (value === null) delete after[name];
    else after[name] = value;
  }
  const whole = withId(inOrder(type, after), current.id);
  const { id, created } = current;
  return {
    type,
    id,
    version: current.version + 1,
    created,
    modified: at,
    resource: whole,
    text: JSON.stringify(whole),
  };
}

/** As every other write has them; what the schemas do not declare any more stays, at the end. */
function inOrder(type: ResourceType, resource: Resource): Resource {
  const ordered = canonical(type, resource);
  const rest = Object.entries(resource).filter(([name]) => !Object.hasOwn(ordered, name) && name !== 'schemas');
  return { ...ordered, ...Object.fromEntries(rest) };
}

/** As the store will read it. */
export function recordOf(after: NewRecord, memberCount: number): StoredRecord {
  const { type, id, version, created, modified, text, resource, unowned } = after;
  return {
    type: type.name,
    id,
    version,
    created,
    modified,
    active: resource.active !== false,
    memberCount,
    text,
    ...(unowned === true ? { unowned } : {}),
  };
}
