import { type Application, type PolicyConfig, rolesByGroup } from '../config.ts';
import { DEFAULT_POLICY, type Features } from '../directory/index.ts';
import { compilePolicy } from './compile-policy.ts';

/** One line of `policy show`. */
export interface RuleShown {
  /** `seats.limit` */
  readonly rule: string;
  /** For people: `50`, `none`, `admin, editor`. */
  readonly value: string;
  readonly from: 'default' | 'application' | 'directory';
}

/** Every rule of a directory, what it is, and who says so. */
export function shownRules(
  application: Application,
  overrides: PolicyConfig,
  merged: PolicyConfig,
): readonly RuleShown[] {
  const policy = compilePolicy(merged, application);
  const { roles, seats, protect, guard, features } = policy;
  const values: readonly (readonly [rule: string, value: string])[] = [
    ['deactivation', policy.deactivation],
    ['reactivation', policy.reactivation],
    ['updates', policy.updates],
    ['keep', policy.keep === undefined ? 'all' : list(policy.keep.map(({ path }) => path))],
    ['userNameIsEmail', yes(policy.userNameIsEmail)],
    ['match', list(policy.match)],
    ['conflict', policy.conflict],
    ['roles.byGroup', list(rolesByGroup(merged.roles ?? {}).map(([group, role]) => `${group} → ${role}`))],
    ['roles.ceiling', roles.ceiling === undefined ? 'all' : list(roles.ceiling)],
    ['roles.default', roles.default ?? 'none'],
    ['seats.limit', seats.limit === undefined ? 'none' : String(seats.limit)],
    ['seats.reserve', String(seats.reserve)],
    ['seats.counts', seats.counts],
    ['protect.users', list(merged.protect?.users ?? [])],
    ['protect.lastWithRole', protect.lastWithRole ?? 'none'],
    ['protect.atLeast', String(protect.atLeast)],
    ['protect.existing', yes(protect.existing)],
    ...(guard === undefined
      ? ([['guard', 'none']] as const)
      : ([
          ['guard.users', String(guard.users)],
          ['guard.percent', String(guard.percent)],
          ['guard.window', merged.guard ? (merged.guard.window ?? '1h') : '1h'],
          ['guard.memberships', guard.memberships === undefined ? 'none' : String(guard.memberships)],
        ] as const)),
    ['features.import', yes(features.import)],
    ['features.pushGroups', yes(features.pushGroups)],
    ['features.syncPassword', yes(features.syncPassword)],
  ];
  return values.map(([rule, value]) => ({ rule, value, from: fromOf(rule, { application, overrides }) }));
}

const FEATURES = ['import', 'pushGroups', 'syncPassword'] as const satisfies readonly (keyof Features)[];

function fromOf(
  rule: string,
  { application, overrides }: { application: Application; overrides: PolicyConfig },
): RuleShown['from'] {
  if (has(overrides, rule)) return 'directory';
  const feature = FEATURES.find((name) => rule === `features.${name}`);
  if (feature !== undefined) return isUsual(application, feature) ? 'default' : 'application';
  return has(application.policy, rule) ? 'application' : 'default';
}

/** What an application says as it is without it is not told apart from what it does not say. */
function isUsual({ features }: Application, feature: keyof Features): boolean {
  return features[feature] === DEFAULT_POLICY.features[feature];
}

/** Whether something is said of the rule, or of the whole that it is part of (`guard: false`). */
function has(written: object, rule: string): boolean {
  const [first = '', second] = rule.split('.');
  const value: unknown = Object.entries(written).find(([name]) => name === first)?.[1];
  if (second === undefined || typeof value !== 'object' || value === null) return value !== undefined;
  return Object.hasOwn(value, second);
}

function list(values: readonly string[]): string {
  return values.length === 0 ? 'none' : values.join(', ');
}

function yes(value: boolean): string {
  return value ? 'yes' : 'no';
}
