import type { FeaturesConfig, PolicyConfig, PolicyKey, RequiresConfig } from './policy-config.ts';

/** What `joinery.config.ts` holds: the applications that customers' identity providers may provision. */
export interface Config {
  readonly applications: Readonly<Record<string, ApplicationConfig>>;
}

export interface ApplicationConfig {
  /** Where its SCIM base stands: `/scim/v2` when absent. No `_`: Okta refuses it in base URLs. */
  readonly basePath?: string;
  /**
   * The host names it answers on; all when absent. Two applications differ by base path, or by host. In
   * `*.scim.example.com` the first label is the slug of the organization: `acme.scim.example.com`. The first of them is in
   * the base URL.
   */
  readonly hosts?: readonly string[];
  /** The pure standard: no rewrites of what identity providers really send, no tolerances. False when absent. */
  readonly strict?: boolean;
  /** Attributes of the application's own, on users and groups. */
  readonly extensions?: readonly ExtensionConfig[];
  /** Roles, licenses and the like, which an identity provider may read and give to users. */
  readonly entitlements?: readonly EntitlementsConfig[];
  /** The rules of its directories. */
  readonly policy?: PolicyConfig;
  /** The rules that one directory may have otherwise: `['seats', 'protect', 'guard']` when absent. */
  readonly overridable?: readonly PolicyKey[];
  readonly features?: FeaturesConfig;
  /** What an organization must have. Nothing when absent. */
  readonly requires?: RequiresConfig;
}

/**
 * A schema extension (RFC 7643 §3.3), as `/Schemas` and `/ResourceTypes` show it:
 *
 *     { urn: 'urn:example:scim:schemas:extension:app:2.0:User', of: 'User',
 *       attributes: { costCenter: { description: 'Who pays', indexed: true }, seats: { type: 'integer' } } }
 */
export interface ExtensionConfig {
  readonly urn: string;
  readonly of: 'User' | 'Group';
  readonly name?: string;
  readonly description?: string;
  /** Whether every resource must have the extension. */
  readonly required?: boolean;
  readonly attributes: Readonly<Record<string, AttributeConfig>>;
}

/** RFC 7643 §2.2; what is not said is the RFC's default: an optional string, readWrite, compared without case. */
export interface AttributeConfig extends Omit<SubAttributeConfig, 'type'> {
  readonly type?: NonNullable<SubAttributeConfig['type']> | 'complex';
  /** A filter with `eq` finds it without looking at every resource. */
  readonly indexed?: boolean;
  /** The parts of a complex attribute. */
  readonly attributes?: Readonly<Record<string, SubAttributeConfig>>;
}

export type SimpleType = 'string' | 'boolean' | 'decimal' | 'integer' | 'dateTime' | 'binary' | 'reference';

export interface SubAttributeConfig {
  readonly type?: SimpleType;
  readonly description?: string;
  readonly multiValued?: boolean;
  readonly required?: boolean;
  readonly caseExact?: boolean;
  readonly mutability?: 'readOnly' | 'readWrite' | 'immutable';
  readonly returned?: 'always' | 'default' | 'request';
  readonly canonicalValues?: readonly string[];
  readonly referenceTypes?: readonly string[];
}

/**
 * A resource type whose resources are these and no others; users name them by id in `roles` (kind `role`) or
 * `entitlements`:
 *
 *     { name: 'License', endpoint: '/Licenses', kind: 'entitlement', values: [{ id: 'pro', displayName: 'Professional' }] }
 */
export interface EntitlementsConfig {
  readonly name: string;
  readonly kind: 'role' | 'entitlement';
  /** `/Licenses`; the name and an "s" when absent. */
  readonly endpoint?: string;
  readonly description?: string;
  readonly values: readonly { readonly id: string; readonly displayName: string; readonly description?: string }[];
}

/**
 * Declares the configuration, checked by the compiler:
 *
 *     import { defineConfig } from 'joinery';
 *     export default defineConfig({ applications: { app: {}, board: { basePath: '/board/scim/v2' } } });
 */
export function defineConfig(config: Config): Config {
  return config;
}
