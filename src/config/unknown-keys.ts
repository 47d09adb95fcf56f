/** What zod is told to say of a key that nobody knows, and of what is no object at all. */
export function unknownKeys(known: string, expected: string): (issue: { code: string; keys?: unknown }) => string {
  return ({ code, keys }) =>
    code === 'unrecognized_keys'
      ? `unknown key ${Array.isArray(keys) ? keys.map((key) => JSON.stringify(key)).join(', ') : ''}; expected ${known}`
      : `expected ${expected}`;
}
