import { type JsonValue, type Resource, sameValue } from '../../scim/index.ts';
import { parse } from '../propose.ts';
import type { StoredRecord } from '../record.ts';
import { type Net, resourceBefore } from './net.ts';

/** What is to be done with a record to take back what the selected changes made of it. */
export type Inverse =
  | { readonly kind: 'nothing' }
  /** It is as it was before. */
  | { readonly kind: 'as-before' }
  | { readonly kind: 'remove' }
  | { readonly kind: 'restore'; readonly resource: Resource }
  | {
      readonly kind: 'update';
      /** Attributes that go back; null is nothing. */
      readonly values: ReadonlyMap<string, JsonValue>;
      /** Undefined: as it is. */
      readonly owned: boolean | undefined;
      readonly conflicts: readonly Conflict[];
    }
  /** It has moved on as a whole, and is left. */
  | { readonly kind: 'leave'; readonly conflicts: readonly Conflict[] };

/** What stands otherwise than the selected changes left it. */
export type Conflict =
  | { readonly kind: 'attribute'; readonly name: string; readonly set: JsonValue; readonly now: JsonValue }
  | { readonly kind: 'owner' }
  | { readonly kind: 'members' }
  /** It was removed since. */
  | { readonly kind: 'gone' }
  /** It was removed, and is there again. */
  | { readonly kind: 'back' };

export function inverseOf(net: Net, current: StoredRecord | undefined): Inverse {
  if (!net.existed) return net.exists ? removal(net, current) : NOTHING;
  if (!net.exists) return restoration(net, current);
  return update(net, current);
}

const NOTHING: Inverse = { kind: 'nothing' };
const AS_BEFORE: Inverse = { kind: 'as-before' };

/** It was created: who altered it since wants it there. */
function removal(net: Net, current: StoredRecord | undefined): Inverse {
  if (current === undefined) return AS_BEFORE;
  const conflicts: Conflict[] = movedOn(net, parse(current), 'is');
  const members = [...net.members.values()].filter(({ is }) => is).length;
  if (members !== current.memberCount) conflicts.push({ kind: 'members' });
  if (isOwned(current) !== (net.owned?.is ?? true)) conflicts.push({ kind: 'owner' });
  return conflicts.length > 0 ? { kind: 'leave', conflicts } : { kind: 'remove' };
}

function restoration(net: Net, current: StoredRecord | undefined): Inverse {
  const resource = resourceBefore(net) ?? {};
  if (current === undefined) return { kind: 'restore', resource };
  const isSame = movedOn(net, parse(current), 'was').length === 0;
  return isSame ? AS_BEFORE : { kind: 'leave', conflicts: [{ kind: 'back' }] };
}

/** All attributes, the record's own too, that are not as the selected changes found them, or left them. */
function movedOn(net: Net, resource: Resource, side: 'was' | 'is'): Conflict[] {
  const conflicts: Conflict[] = [];
  for (const name of new Set([...net.attributes.keys(), ...Object.keys(resource)])) {
    if (name === 'schemas' || name === 'id' || name === 'meta') continue;
    const set = net.attributes.get(name)?.[side] ?? null;
    const now = resource[name] ?? null;
    if (!sameValue(set, now)) conflicts.push({ kind: 'attribute', name, set, now });
  }
  return conflicts;
}

function update(net: Net, current: StoredRecord | undefined): Inverse {
  const altered = [...net.attributes].filter(([, { was, is }]) => !sameValue(was, is));
  const owner = net.owned !== undefined && net.owned.was !== net.owned.is ? net.owned : undefined;
  if (altered.length === 0 && owner === undefined) return NOTHING;
  if (current === undefined) return { kind: 'leave', conflicts: [{ kind: 'gone' }] };
  const values = new Map<string, JsonValue>();
  const conflicts: Conflict[] = [];
  const resource = parse(current);
  for (const [name, { was, is }] of altered) {
    const now = resource[name] ?? null;
    if (sameValue(now, is)) values.set(name, was);
    else if (!sameValue(now, was)) conflicts.push({ kind: 'attribute', name, set: is, now });
  }
  const owned = owner !== undefined && isOwned(current) === owner.is ? owner.was : undefined;
  if (values.size > 0 || owned !== undefined) return { kind: 'update', values, owned, conflicts };
  return conflicts.length > 0 ? { kind: 'leave', conflicts } : AS_BEFORE;
}

function isOwned({ unowned }: StoredRecord): boolean {
  return unowned !== true;
}
