import { findPlace, type PlaceWanted } from '../access/index.ts';
import { type Application, POLICY_KEYS, type PolicyConfig, type PolicyKey } from '../config.ts';
import type { DirectoryRow, Organization, OrganizationStore } from '../directory/index.ts';
import { mergePolicies, parseRules, readOverrides } from './overrides.ts';
import { type RuleShown, shownRules } from './shown-rules.ts';

export interface Refused {
  readonly kind: 'refused';
  readonly detail: string;
}

export interface PolicyShown {
  readonly kind: 'shown';
  readonly organization: Organization;
  readonly application: string;
  readonly rules: readonly RuleShown[];
  /** What the directory has of its own, as it could be written again. */
  readonly overrides: PolicyConfig;
  /** What of that does not fit the configuration any more, and is left out. */
  readonly problems: readonly string[];
}

export interface Assignment {
  /** `seats.limit`, `roles.byGroup.App admins` */
  readonly key: string;
  readonly value: unknown;
}

/** What the operator asks and tells of a directory's rules. Servers that run follow within five seconds. */
export interface Policies {
  readonly show: (wanted: PlaceWanted) => Promise<PolicyShown | Refused>;
  /** One after another, beside what the directory has already. */
  readonly assign: (wanted: PlaceWanted, assignments: readonly Assignment[]) => Promise<PolicyShown | Refused>;
  /** In place of all that the directory has; JSON text. */
  readonly replace: (wanted: PlaceWanted, text: string) => Promise<PolicyShown | Refused>;
  /** Back to the application's own: these rules, or all. */
  readonly reset: (wanted: PlaceWanted, keys: readonly string[]) => Promise<PolicyShown | Refused>;
}

interface Found {
  readonly kind: 'found';
  readonly organization: Organization;
  readonly directory: DirectoryRow;
  readonly application: Application;
}

export function createPolicies(applications: readonly Application[], store: OrganizationStore): Policies {
  return {
    async show(wanted) {
      const found = await find(wanted);
      return found.kind === 'refused' ? found : show(found);
    },
    assign: async (wanted, assignments) => {
      const found = await find(wanted);
      return found.kind === 'refused'
        ? found
        : keep(found, JSON.stringify(assignments.reduce(assigned, writtenIn(found))));
    },
    replace: async (wanted, text) => {
      const found = await find(wanted);
      return found.kind === 'refused' ? found : keep(found, text);
    },
    reset: async (wanted, keys) => {
      const found = await find(wanted);
      if (found.kind === 'refused') return found;
      const has = writtenIn(found);
      const unknown = keys.filter((key) => !isRule(splitKey(key)[0], has));
      if (unknown.length > 0) return { kind: 'refused', detail: unknown.map(noRule).join('\n') };
      return keep(found, JSON.stringify(keys.length === 0 ? {} : keys.reduce(without, has)));
    },
  };

  async function find(wanted: PlaceWanted): Promise<Found | Refused> {
    const place = await findPlace(wanted, { store, applications: applications.map(({ name }) => name) });
    if (place.kind === 'refused') return place;
    const application = applications.find(({ name }) => name === place.directory.application) as Application;
    return { ...place, application };
  }

  async function keep(found: Found, text: string): Promise<PolicyShown | Refused> {
    const { overrides, problems } = await readOverrides(text, found.application);
    if (problems.length > 0) return { kind: 'refused', detail: problems.join('\n') };
    const policy = Object.keys(overrides).length === 0 ? undefined : JSON.stringify(overrides);
    await store.setDirectoryPolicy(found.directory.id, policy ?? null);
    return show({ ...found, directory: { ...found.directory, policy } });
  }

  async function show({ organization, directory, application }: Found): Promise<PolicyShown> {
    const read = await readOverrides(directory.policy ?? '{}', application);
    return {
      kind: 'shown',
      organization,
      application: application.name,
      rules: shownRules(application, read.overrides, mergePolicies(application.policy, read.overrides)),
      ...read,
    };
  }
}

type Rules = Readonly<Record<string, unknown>>;

/** As it was written: what does not fit any more is not lost by a change of something else. */
function writtenIn({ directory }: Found): Rules {
  return parseRules(directory.policy ?? '{}') ?? {};
}

/** Also one that was a rule when it was written. */
function isRule(name: string | undefined, has: Rules): boolean {
  return name !== undefined && (POLICY_KEYS.some((one) => one === name) || Object.hasOwn(has, name));
}

function noRule(key: string): string {
  return `${key}: there is no such rule; expected one of ${POLICY_KEYS.join(', ')}, or a part of it.`;
}

/** What stands at the key, and nothing else, is another value. */
function assigned(rules: Rules, { key, value }: Assignment): Rules {
  return put(rules, splitKey(key), value);
}

function put(rules: Rules, [first = '', ...rest]: readonly string[], value: unknown): Rules {
  return { ...rules, [first]: rest.length === 0 ? value : put(objectAt(rules, first), rest, value) };
}

function without(rules: Rules, key: string): Rules {
  return take(rules, splitKey(key));
}

/** A rule of which nothing is left goes too. */
function take(rules: Rules, [first = '', ...rest]: readonly string[]): Rules {
  const { [first]: inner, ...others } = rules;
  if (inner === undefined || rest.length === 0) return others;
  const left = take(objectAt(rules, first), rest);
  return Object.keys(left).length === 0 ? others : { ...others, [first]: left };
}

function objectAt(rules: Rules, key: string): Rules {
  const inner = Object.hasOwn(rules, key) ? rules[key] : undefined;
  return typeof inner === 'object' && inner !== null && !Array.isArray(inner) ? (inner as Rules) : {};
}

/** `roles.byGroup.App admins v1.2` is the group "App admins v1.2". */
function splitKey(key: string): readonly string[] {
  const [first = '', second, ...rest] = key.split('.');
  if (second === undefined) return [first];
  if (first === ('roles' satisfies PolicyKey) && second === 'byGroup' && rest.length > 0)
    return [first, second, rest.join('.')];
  return [first, [second, ...rest].join('.')];
}
