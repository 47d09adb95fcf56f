import type { Application } from '../config.ts';
import { type Rules, rulesOf } from '../provisioning/index.ts';
import { createPolicyOf } from './policy.ts';

/**
 * What holds in the directories of an application. Made once an application: resource types are known by who they are.
 * `onUnfit` is told what of a directory's own rules does not fit any more.
 */
export function rulesFor(application: Application, onUnfit: (problems: readonly string[]) => void): Rules {
  return rulesOf({ ...application, indexed: indexedOf(application), policyOf: createPolicyOf(application, onUnfit) });
}

/** Who has the last of a role is found by its value, also where only a directory may say that it matters. */
function indexedOf({ entitlements, policy, overridable }: Application): readonly 'roles'[] {
  const hasRoles = entitlements.some(({ kind }) => kind === 'role');
  return hasRoles && (policy.protect?.lastWithRole || overridable.includes('protect')) ? ['roles'] : [];
}
