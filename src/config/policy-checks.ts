import { declaredTypes, fold, type ResourceType, TOLERANT } from '../scim/index.ts';
import type { Application } from './applications.ts';
import { readKept } from './kept.ts';
import type { PolicyConfig, RolesConfig } from './policy-config.ts';

export interface PolicyProblem {
  readonly path: readonly PropertyKey[];
  readonly sentence: string;
}

/** What in the policy of an application names what there is not, or does not go together. */
export function wrongPolicy(application: Application): readonly PolicyProblem[] {
  return wrongRules(application.policy, application).map(({ path, sentence }) => {
    const whole = ['applications', application.name, 'policy', ...path];
    return { path: whole, sentence: `${whole.map(String).join('.')}: ${sentence}` };
  });
}

/** The same of a policy that a directory has; paths begin with the name of the rule. */
export function wrongRules(policy: PolicyConfig, application: Application): readonly PolicyProblem[] {
  return [...wrongKeep(policy, application), ...wrongRoles(policy, application), ...wrongSeats(policy)];
}

function wrongKeep({ keep }: PolicyConfig, application: Application): PolicyProblem[] {
  if (!keep?.length) return [];
  const user = userType(application);
  return keep.flatMap((path, index) => {
    const read = readKept(path, user);
    return read.kind === 'kept' ? [] : [{ path: ['keep', index], sentence: `"${path}" ${read.wrong}` }];
  });
}

/** The resource type of an application's users. */
export function userType(application: Pick<Application, 'extensions' | 'entitlements'>): ResourceType {
  return declaredTypes(TOLERANT, application).find(({ name }) => name === 'User') as ResourceType;
}

function wrongRoles({ roles = {}, protect = {} }: PolicyConfig, application: Application): PolicyProblem[] {
  const declared = application.entitlements.flatMap(({ kind, values }) => (kind === 'role' ? values : []));
  const ids = declared.map(({ id }) => id);
  const expected =
    ids.length === 0
      ? 'entitlements of the kind "role" declare no roles'
      : `expected one of ${ids.map((id) => `"${id}"`).join(', ')}, which entitlements of the kind "role" declare`;
  const byGroup = rolesByGroup(roles);
  const named: (readonly [path: readonly PropertyKey[], role: string])[] = [
    ...byGroup.map(([group, role]) => [['roles', 'byGroup', group], role] as const),
    ...(roles.ceiling ?? []).map((role, index) => [['roles', 'ceiling', index], role] as const),
    ...(roles.default ? [[['roles', 'default'], roles.default] as const] : []),
    ...(protect.lastWithRole ? [[['protect', 'lastWithRole'], protect.lastWithRole] as const] : []),
  ];
  const unknown = named
    .filter(([, role]) => !ids.includes(role))
    .map(([path, role]) => ({ path, sentence: `there is no role "${role}"; ${expected}` }));
  const above = byGroup
    .filter(([, role]) => ids.includes(role) && roles.ceiling?.includes(role) === false)
    .map(([group, role]) => ({
      path: ['roles', 'byGroup', group],
      sentence: `the role "${role}" is not in roles.ceiling, so no group can give it: expected a role of the ceiling`,
    }));
  const groupless =
    byGroup.length > 0 && !application.features.pushGroups
      ? [
          {
            path: ['roles', 'byGroup'],
            sentence: 'expected nothing, as features.pushGroups is false and nobody comes into a group',
          },
        ]
      : [];
  return [...unknown, ...above, ...groupless, ...twinGroups(byGroup)];
}

/** What of `roles.byGroup` gives a role; null gives none. */
export function rolesByGroup({ byGroup = {} }: RolesConfig): readonly (readonly [group: string, role: string])[] {
  return Object.entries(byGroup).flatMap(([group, role]) => (role === null ? [] : [[group, role] as const]));
}

/** Names of groups compare without case, and one has one role. */
function twinGroups(byGroup: ReturnType<typeof rolesByGroup>): PolicyProblem[] {
  const firsts = new Map<string, string>();
  return byGroup.flatMap(([group]) => {
    const first = firsts.get(fold(group));
    if (first === undefined) firsts.set(fold(group), group);
    const sentence = `this is the same group as "${first}", as case makes no difference: expected each once`;
    return first === undefined ? [] : [{ path: ['roles', 'byGroup', group], sentence }];
  });
}

function wrongSeats({ seats = {} }: PolicyConfig): PolicyProblem[] {
  const { limit, reserve = 0 } = seats;
  if (typeof limit !== 'number') {
    return reserve === 0
      ? []
      : [{ path: ['seats', 'reserve'], sentence: 'expected a limit beside it, of which it is a part' }];
  }
  if (reserve <= limit && (reserve < limit || limit === 0)) return [];
  return [
    { path: ['seats', 'reserve'], sentence: `expected less than the limit, ${limit}, or providers could add nobody` },
  ];
}
