import type { PolicyKey } from './policy-config.ts';

export type RuleRead =
  | { readonly kind: 'read'; readonly value: unknown }
  /** A sentence each, which begins with the key: `seats.limit: expected …`. */
  | { readonly kind: 'wrong'; readonly problems: readonly string[] };

/** One rule of a policy that was written outside the configuration file. Whether rules go together, `wrongRules` says. */
export async function readRule(key: PolicyKey, value: unknown): Promise<RuleRead> {
  // Read here: where nothing is written outside the file, nobody waits for zod.
  const { policySchema } = await import('./policy-schema.ts');
  const read = policySchema.safeParse({ [key]: value });
  if (read.success) return { kind: 'read', value: read.data[key] };
  const problems = read.error.issues.map(({ path, message }) => `${path.map(String).join('.')}: ${message}.`);
  return { kind: 'wrong', problems };
}
