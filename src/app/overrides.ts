import {
  type Application,
  POLICY_KEYS,
  type PolicyConfig,
  type PolicyKey,
  type RolesConfig,
  readRule,
  wrongRules,
} from '../config.ts';

export interface OverridesRead {
  /** What of it fits: each rule is taken whole, or not at all. */
  readonly overrides: PolicyConfig;
  /** A sentence for each thing that does not, which begins with its key: `seats.limit: expected …`. */
  readonly problems: readonly string[];
}

/** What a directory has otherwise than its application, as it is stored: `{"seats":{"limit":50}}`. */
export async function readOverrides(text: string, application: Application): Promise<OverridesRead> {
  const given = parseRules(text);
  if (given === undefined) return { overrides: {}, problems: ['expected a JSON object of rules.'] };
  const problems: string[] = [];
  const fitting = new Map<PolicyKey, unknown>();
  for (const [name, value] of Object.entries(given)) {
    const key = application.overridable.find((one) => one === name);
    const read = key === undefined ? wrongKey(name, application) : await readRule(key, value);
    if (read.kind === 'wrong') problems.push(...read.problems);
    else if (key !== undefined) fitting.set(key, read.value);
  }
  const together = wrongRules(mergePolicies(application.policy, Object.fromEntries(fitting)), application);
  for (const { path, sentence } of together) {
    fitting.delete(path[0] as PolicyKey);
    problems.push(`${path.map(String).join('.')}: ${sentence}.`);
  }
  return { overrides: Object.fromEntries(fitting), problems };
}

/** Undefined for what is no JSON object. */
export function parseRules(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const given: unknown = JSON.parse(text);
    return typeof given === 'object' && given !== null && !Array.isArray(given) ? { ...given } : undefined;
  } catch {
    return undefined;
  }
}

function wrongKey(key: string, { name, overridable }: Application): { kind: 'wrong'; problems: readonly string[] } {
  const may = overridable.join(', ') || 'nothing';
  const problem = POLICY_KEYS.some((one) => one === key)
    ? `${key}: a directory cannot have this rule otherwise than its application: "overridable" of ${name} in joinery.config.ts lets it override ${may}.`
    : `${key}: there is no such rule; a directory may override ${may}.`;
  return { kind: 'wrong', problems: [problem] };
}

/**
 * Each part of a rule alone: a directory's `seats.limit` stands beside its application's `seats.counts`, and the group that
 * it gives a role beside those of its application.
 */
export function mergePolicies(policy: PolicyConfig, overrides: PolicyConfig): PolicyConfig {
  return {
    ...policy,
    ...overrides,
    ...(overrides.roles && { roles: mergeRoles(policy.roles, overrides.roles) }),
    ...(overrides.seats && { seats: { ...policy.seats, ...overrides.seats } }),
    ...(overrides.protect && { protect: { ...policy.protect, ...overrides.protect } }),
    ...(overrides.guard && { guard: { ...(policy.guard || {}), ...overrides.guard } }),
  };
}

function mergeRoles(roles: RolesConfig = {}, overrides: RolesConfig): RolesConfig {
  const byGroup = { ...roles.byGroup, ...overrides.byGroup };
  return { ...roles, ...overrides, ...(Object.keys(byGroup).length > 0 && { byGroup }) };
}
