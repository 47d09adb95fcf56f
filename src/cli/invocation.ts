/** How this very program is called, for what is printed to be pasted: from a checkout, or as an installed package. */
export const INVOCATION = import.meta.url.endsWith('.ts') ? 'npm run -s joinery --' : 'joinery';

/** The settings in effect that a pasted command needs too: `PORT=4000 npm run -s joinery --`. */
export function invocationHere(env: NodeJS.ProcessEnv): string {
  const set = ['PORT', 'HOST', 'PUBLIC_URL', 'DATABASE_URL', 'JOINERY_CONFIG'].filter((name) => env[name]);
  return [...set.map((name) => `${name}=${quoted(env[name] ?? '')}`), INVOCATION].join(' ');
}

function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** What stands at the end of a command's --help. */
export function example(...lines: readonly string[]): string {
  return `\nExample:\n${lines.map((line) => `  ${INVOCATION} ${line}`).join('\n')}`;
}
