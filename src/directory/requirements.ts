import type { Organization } from './ports.ts';

/** What an application asks of an organization before its identity provider may come in. */
export interface Requirements {
  /** One of these plans; any, or none, when absent. */
  readonly plans?: readonly string[];
  /** Its people sign in by SSO. */
  readonly sso?: boolean;
}

/** What an organization lacks; undefined for one that has it all. */
export function lacking(
  { plan, sso }: Pick<Organization, 'plan' | 'sso'>,
  requires: Requirements,
): 'plan' | 'sso' | undefined {
  if (requires.plans !== undefined && (plan === undefined || !requires.plans.includes(plan))) return 'plan';
  return requires.sso === true && sso !== true ? 'sso' : undefined;
}
