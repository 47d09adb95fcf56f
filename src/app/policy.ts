import type { Application } from '../config.ts';
import type { Policy } from '../directory/index.ts';
import { compilePolicy } from './compile-policy.ts';
import { mergePolicies, readOverrides } from './overrides.ts';

/** The rules of one directory of an application: `overrides` is what it has otherwise, as JSON text. */
export type PolicyOf = (overrides: string | undefined) => Policy | Promise<Policy>;

const MOST_REMEMBERED = 1_000;

/**
 * Each text is read once. What of it does not fit any more, because the configuration has changed, is left out and told,
 * and holds nobody up: the application's own rule stands in for it.
 */
export function createPolicyOf(application: Application, onUnfit: (problems: readonly string[]) => void): PolicyOf {
  const own = compilePolicy(application.policy, application);
  const known = new Map<string, Policy | Promise<Policy>>();
  return (overrides) => {
    if (overrides === undefined) return own;
    const remembered = known.get(overrides);
    if (remembered !== undefined) return remembered;
    const reading = read(overrides);
    reading.then(
      (policy) => known.set(overrides, policy),
      () => known.delete(overrides),
    );
    if (known.size >= MOST_REMEMBERED) forgetOldest(known);
    known.set(overrides, reading);
    return reading;
  };

  async function read(text: string): Promise<Policy> {
    const { overrides, problems } = await readOverrides(text, application);
    if (problems.length > 0) onUnfit(problems);
    return compilePolicy(mergePolicies(application.policy, overrides), application);
  }
}

function forgetOldest(map: Map<string, unknown>): void {
  for (const oldest of map.keys()) {
    map.delete(oldest);
    return;
  }
}
