import { existsSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { wrongDeclarations } from './declarations.ts';
import { SettingsError } from './error.ts';

/** What `joinery.config.ts` holds: the applications that customers' identity providers may provision. */
export interface Config {
  readonly applications: Readonly<Record<string, ApplicationConfig>>;
}

export interface ApplicationConfig {
  /** Where its SCIM base stands: `/scim/v2` when absent. No `_`: Okta refuses it in base URLs. */
  readonly basePath?: string;
  /** The host names it answers on; all when absent. Two applications differ by base path, or by host. */
  readonly hosts?: readonly string[];
  /** The pure standard: no rewrites of what identity providers really send, no tolerances. False when absent. */
  readonly strict?: boolean;
  /** Attributes of the application's own, on users and groups. */
  readonly extensions?: readonly ExtensionConfig[];
  /** Roles, licenses and the like, which an identity provider may read and give to users. */
  readonly entitlements?: readonly EntitlementsConfig[];
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

/** One application with nothing left open. */
export interface Application {
  readonly name: string;
  readonly basePath: string;
  readonly hosts: readonly string[];
  readonly strict: boolean;
  readonly extensions: readonly ExtensionConfig[];
  readonly entitlements: readonly (EntitlementsConfig & { readonly endpoint: string })[];
}

const DEFAULT_CONFIG: Config = { applications: { app: {} } };
const DEFAULT_FILE = './joinery.config.ts';

/**
 * The applications of a configuration file: `JOINERY_CONFIG`, or `./joinery.config.ts` when it is there, or else the one
 * application `app`.
 *
 * @throws SettingsError with the file's name, the key and what was expected
 */
export async function loadApplications(file: string | undefined): Promise<readonly Application[]> {
  const path = resolve(file ?? DEFAULT_FILE);
  if (!existsSync(path)) {
    if (file === undefined) return toApplications(DEFAULT_CONFIG);
    throw new SettingsError([`JOINERY_CONFIG: there is no file ${path}.`]);
  }
  return checkConfig(await importDefault(path), path);
}

/** @throws SettingsError; `source` names where the configuration was written */
export async function checkConfig(config: unknown, source: string): Promise<readonly Application[]> {
  // zod costs more than all the rest of a start: it is read only where there is something to check.
  const { configSchema } = await import('./schema.ts');
  const read = configSchema.safeParse(config);
  if (!read.success) {
    throw new SettingsError(
      read.error.issues.map(({ path, message }) => `${source}: ${keyName(path)}${message.replace(/\.?$/, '.')}`),
    );
  }
  const applications = toApplications(read.data as Config);
  const clashes = [...clashesOf(applications), ...applications.flatMap(wrongDeclarations)];
  if (clashes.length > 0) throw new SettingsError(clashes.map((clash) => `${source}: ${clash}`));
  return applications;
}

async function importDefault(path: string): Promise<unknown> {
  // `joinery` is this very program, also in a checkout, where no built package answers to the name.
  const own = new URL(`../index${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url).href;
  const hooks = registerHooks({
    resolve: (specifier, context, next) =>
      specifier === 'joinery' ? { url: own, shortCircuit: true } : next(specifier, context),
  });
  try {
    const module: { default?: unknown } = await import(pathToFileURL(path).href);
    return module.default;
  } catch (error) {
    const [reason] = (error instanceof Error ? error.message : String(error)).split('\n');
    throw new SettingsError([`${path} cannot be read: ${reason}`]);
  } finally {
    hooks.deregister();
  }
}

function keyName(path: readonly PropertyKey[]): string {
  return path.length === 0 ? '' : `${path.map(String).join('.')}: `;
}

function toApplications(config: Config): Application[] {
  return Object.entries(config.applications).map(([name, given]) => ({
    name,
    basePath: given.basePath ?? '/scim/v2',
    hosts: given.hosts ?? [],
    strict: given.strict ?? false,
    extensions: given.extensions ?? [],
    entitlements: (given.entitlements ?? []).map((one) => ({ ...one, endpoint: one.endpoint ?? `/${one.name}s` })),
  }));
}

/** Decision 39: whom a request is for must be certain from its host and path alone. */
function clashesOf(applications: readonly Application[]): string[] {
  const clashes: string[] = [];
  for (const [index, one] of applications.entries()) {
    for (const other of applications.slice(index + 1)) {
      const host = sharedHost(one.hosts, other.hosts);
      if (host === undefined || !isUnder(one.basePath, other.basePath)) continue;
      clashes.push(
        `applications.${one.name} and applications.${other.name} both answer ${host} under ` +
          `"${one.basePath.length < other.basePath.length ? one.basePath : other.basePath}": give one another basePath, or hosts of its own.`,
      );
    }
  }
  return clashes;
}

function sharedHost(some: readonly string[], others: readonly string[]): string | undefined {
  if (some.length === 0) return others[0] ?? 'every host';
  if (others.length === 0) return some[0];
  return some.find((host) => others.includes(host));
}

function isUnder(one: string, other: string): boolean {
  return one === other || one.startsWith(`${other}/`) || other.startsWith(`${one}/`);
}
