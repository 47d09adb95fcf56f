import { existsSync, readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Config, EntitlementsConfig, ExtensionConfig } from './application-config.ts';
import { wrongDeclarations } from './declarations.ts';
import { SettingsError } from './error.ts';
import { atLine } from './line.ts';
import { wrongPolicy } from './policy-checks.ts';
import {
  type FeaturesConfig,
  type PolicyConfig,
  type PolicyKey,
  type RequiresConfig,
  USUALLY_OVERRIDABLE,
} from './policy-config.ts';

/** One application with nothing left open. */
export interface Application {
  readonly name: string;
  readonly basePath: string;
  readonly hosts: readonly string[];
  readonly strict: boolean;
  readonly extensions: readonly ExtensionConfig[];
  readonly entitlements: readonly (EntitlementsConfig & { readonly endpoint: string })[];
  readonly policy: PolicyConfig;
  readonly overridable: readonly PolicyKey[];
  readonly features: Required<FeaturesConfig>;
  readonly requires: RequiresConfig;
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
  return checkConfig(await importDefault(path), path, readFileSync(path, 'utf8'));
}

/**
 * `source` names where the configuration was written, and `text` is what stands there, in which lines are looked for.
 *
 * @throws SettingsError with the key of each thing that is wrong, the line where it is known, and what was expected
 */
export async function checkConfig(config: unknown, source: string, text = ''): Promise<readonly Application[]> {
  // zod costs more than all the rest of a start: it is read only where there is something to check.
  const { configSchema } = await import('./schema.ts');
  const read = configSchema.safeParse(config);
  if (!read.success) {
    throw told(
      read.error.issues.map((issue) => ({
        // The line of the key that nobody knows, not that of what it stands in.
        path: issue.code === 'unrecognized_keys' ? [...issue.path, ...issue.keys.slice(0, 1)] : issue.path,
        sentence: `${keyName(issue.path)}${issue.message}`,
      })),
    );
  }
  const applications = toApplications(read.data as Config);
  const problems: Problem[] = [...clashesOf(applications), ...applications.flatMap(wrongDeclarations)].map(
    (sentence) => ({
      path: keysAtStart(sentence),
      sentence,
    }),
  );
  problems.push(...applications.flatMap(wrongPolicy));
  if (problems.length > 0) throw told(problems);
  return applications;

  function told(problems: readonly Problem[]): SettingsError {
    return new SettingsError(
      problems.map(({ path, sentence }) => `${source}${atLine(text, path)}: ${sentence.replace(/\.?$/, '.')}`),
    );
  }
}

interface Problem {
  /** Where: `['applications', 'app', 'hosts', 0]`. */
  readonly path: readonly PropertyKey[];
  readonly sentence: string;
}

/** `applications.app.extensions: …` */
function keysAtStart(sentence: string): readonly string[] {
  return /^[\w-]+(?:\.[\w-]+)*/.exec(sentence)?.[0].split('.') ?? [];
}

async function importDefault(path: string): Promise<unknown> {
  // `joinery` is this very program, also in a checkout, where no built package answers to the name.
  // Built, this piece lies beside the index (`scripts/build.mjs`).
  const own = new URL(import.meta.url.endsWith('.ts') ? '../index.ts' : './index.js', import.meta.url).href;
  const hooks = registerHooks({
    resolve: (specifier, context, next) =>
      specifier === 'joinery' ? { url: own, shortCircuit: true } : next(specifier, context),
  });
  try {
    const module: { default?: unknown } = await import(pathToFileURL(path).href);
    return module.default;
  } catch (error) {
    const [reason] = (error instanceof Error ? error.message : String(error)).split('\n');
    throw new SettingsError([`${path}${lineIn(error, path)} cannot be read: ${reason}`]);
  } finally {
    hooks.deregister();
  }
}

/** `:3`, where the runtime says which line of the file it stumbled over. */
function lineIn(error: unknown, path: string): string {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const [, after] = stack.split(`${path}:`);
  return /^\d+/.exec(after ?? '')?.[0].replace(/^/, ':') ?? '';
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
    policy: given.policy ?? {},
    overridable: given.overridable ?? USUALLY_OVERRIDABLE,
    features: { import: true, pushGroups: true, syncPassword: false, ...given.features },
    requires: given.requires ?? {},
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
