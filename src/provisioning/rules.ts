import { DEFAULT_POLICY, type Features, type Policy, type Requirements } from '../directory/index.ts';
import { type Declared, declaredTypes, type ResourceType, STRICT, TOLERANT, type Tolerances } from '../scim/index.ts';

/** What holds in all directories of an application. */
export interface Rules {
  /** The pure standard, without rewrites and tolerances. */
  readonly strict: boolean;
  readonly tolerances: Tolerances;
  readonly types: readonly ResourceType[];
  readonly features: Features;
  /** What an organization must have. */
  readonly requires: Requirements;
  /** The rules of a directory: `overrides` is what it has otherwise than its application, as JSON. */
  readonly policyOf: (overrides: string | undefined) => Policy | Promise<Policy>;
}

export interface RulesGiven extends Declared {
  readonly strict: boolean;
  /** As without a policy when absent. */
  readonly features?: Features;
  readonly requires?: Requirements;
  readonly policyOf?: Rules['policyOf'];
}

/** Made once an application: resource types are known by who they are. */
export function rulesOf({
  strict,
  features = DEFAULT_POLICY.features,
  requires = {},
  policyOf,
  ...declared
}: RulesGiven): Rules {
  const tolerances = strict ? STRICT : TOLERANT;
  const usual = { ...DEFAULT_POLICY, features };
  return {
    strict,
    tolerances,
    types: declaredTypes(tolerances, declared),
    features,
    requires,
    policyOf: policyOf ?? (() => usual),
  };
}
