import {
  findTarget,
  fold,
  type JsonObject,
  type JsonValue,
  mergeDuplicates,
  type Resource,
  type ResourceType,
  USER,
} from '../../scim/index.ts';
import type { DirectoryContext } from '../actor.ts';
import type { Proposal } from '../propose.ts';
import type { Refusal } from '../refusal.ts';

export type Entitled =
  | { readonly kind: 'settled'; readonly after: Resource }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

/**
 * The proposed user with each new element of `roles` and `entitlements` found among what the application declares, or
 * why it cannot be (ROL-03). An attribute of which nothing is declared holds what it is given.
 *
 *     roles ← [{"value":"ADMIN"}, {"value":"Billing manager"}] → [{"value":"admin"}, {"value":"billing"}]
 *
 * What was stored before is not held against a change of something else: a role that the application no longer declares
 * must not keep its user from being deactivated.
 */
export function entitled({ before, after }: Proposal, { types, tolerances }: DirectoryContext): Entitled {
  let result = after;
  for (const [attribute, declared] of declaredIn(types)) {
    const elements = after[attribute];
    if (!Array.isArray(elements)) continue;
    const among = { attribute, declared, byName: tolerances.entitlementsByName };
    const held = heldIn(before?.[attribute]);
    const found: JsonValue[] = [];
    for (const element of elements as JsonObject[]) {
      const one = held(element) ?? find(element, among);
      if ('reason' in one) return { kind: 'refused', refusal: one };
      found.push({ ...element, value: one.id, ...(one.type === undefined ? {} : { type: one.type }) });
    }
    const schema = findTarget(USER, { name: attribute })?.attribute;
    if (schema !== undefined) result = { ...result, [attribute]: mergeDuplicates(schema, found) };
  }
  return { kind: 'settled', after: result };
}

/** Which stored element a sent one is, though the application may declare it no longer; one without a type is of any. */
function heldIn(stored: JsonValue | undefined): (sent: JsonObject) => Declared | undefined {
  if (!Array.isArray(stored)) return () => undefined;
  const byValue = Map.groupBy(stored as JsonObject[], ({ value }) => folded(value));
  return ({ value, type }) => {
    const one = byValue.get(folded(value))?.find((held) => type === undefined || folded(held.type) === folded(type));
    if (typeof one?.value !== 'string') return undefined;
    return { id: one.value, ...(typeof one.type === 'string' ? { type: one.type } : {}) };
  };
}

type Entitling = 'roles' | 'entitlements';

interface Declared {
  readonly id: string;
  /** Absent for a role: Okta sends none, and others send what they like (`WindowsAzureActiveDirectoryRole`). */
  readonly type?: string;
}

interface DeclaredOfAttribute {
  readonly all: readonly Declared[];
  /** By the folded id, and by the folded displayName. */
  readonly byId: ReadonlyMap<string, readonly Declared[]>;
  readonly byName: ReadonlyMap<string, readonly Declared[]>;
}

const declaredOf = new WeakMap<readonly ResourceType[], ReadonlyMap<Entitling, DeclaredOfAttribute>>();

/** Worked out once an application; empty where nothing is declared. */
function declaredIn(types: readonly ResourceType[]): ReadonlyMap<Entitling, DeclaredOfAttribute> {
  let declared = declaredOf.get(types);
  if (declared === undefined) {
    declared = collect(types);
    declaredOf.set(types, declared);
  }
  return declared;
}

function collect(types: readonly ResourceType[]): ReadonlyMap<Entitling, DeclaredOfAttribute> {
  const all = types.flatMap(({ name, declared }) =>
    (declared?.resources ?? []).map((resource) => ({
      attribute: declared?.attribute as Entitling,
      name: fold(String(resource.displayName)),
      one: { id: String(resource.id), ...(declared?.attribute === 'entitlements' ? { type: name } : {}) },
    })),
  );
  return new Map(
    [...Map.groupBy(all, ({ attribute }) => attribute)].map(([attribute, some]) => [
      attribute,
      {
        all: some.map(({ one }) => one),
        byId: grouped(some.map(({ one }) => [fold(one.id), one])),
        byName: grouped(some.map(({ name, one }) => [name, one])),
      },
    ]),
  );
}

function grouped(some: readonly (readonly [string, Declared])[]): ReadonlyMap<string, readonly Declared[]> {
  return new Map([...Map.groupBy(some, ([key]) => key)].map(([key, pairs]) => [key, pairs.map(([, one]) => one)]));
}

function folded(value: JsonValue | undefined): string {
  return typeof value === 'string' ? fold(value) : '';
}

interface Among {
  readonly attribute: Entitling;
  readonly declared: DeclaredOfAttribute;
  readonly byName: boolean;
}

function find(given: JsonObject, { attribute, declared, byName }: Among): Declared | Refusal {
  const key = folded(given.value);
  const type = attribute === 'entitlements' && typeof given.type === 'string' ? given.type : undefined;
  const named = declared.byId.get(key) ?? (byName ? declared.byName.get(key) : undefined) ?? [];
  const fitting = type === undefined ? named : named.filter((one) => folded(one.type) === fold(type));
  const [only] = fitting;
  if (only !== undefined && fitting.length === 1) return only;
  const ofType = type === undefined ? declared.all : declared.all.filter((one) => folded(one.type) === fold(type));
  return {
    reason: 'not-declared',
    attribute,
    value: typeof given.value === 'string' ? given.value : '',
    type,
    isAmbiguous: fitting.length > 1,
    possible: fitting.length > 1 ? fitting : ofType.length > 0 ? ofType : declared.all,
  };
}
