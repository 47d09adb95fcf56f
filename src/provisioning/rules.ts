import { type Declared, declaredTypes, type ResourceType, STRICT, TOLERANT, type Tolerances } from '../scim/index.ts';

/** What holds in all directories of an application. */
export interface Rules {
  /** The pure standard, without rewrites and tolerances. */
  readonly strict: boolean;
  readonly tolerances: Tolerances;
  readonly types: readonly ResourceType[];
}

/** Made once an application: resource types are known by who they are. */
export function rulesOf({ strict, ...declared }: { readonly strict: boolean } & Declared): Rules {
  const tolerances = strict ? STRICT : TOLERANT;
  return { strict, tolerances, types: declaredTypes(tolerances, declared) };
}
