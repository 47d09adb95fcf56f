/** What is older is forgotten, a little with each that is recorded. */
const REMEMBERED_MS = 86_400_000;
export const FORGOTTEN_AT_ONCE = 16;

/** No guard looks at what was before this. */
export function forgottenBefore(at: string): string {
  return new Date(Date.parse(at) - REMEMBERED_MS).toISOString();
}
