/** How this very program is called, for what is printed to be pasted: from a checkout, or as an installed package. */
export const INVOCATION = import.meta.url.endsWith('.ts') ? 'npm run -s joinery --' : 'joinery';

/**
 * The settings in effect that a pasted command needs too: `PORT=4000 npm run -s joinery --`. The URL of a PostgreSQL
 * database holds a password, which is not printed: whoever may paste the line has it in the environment.
 */
export function invocationHere(env: NodeJS.ProcessEnv): string {
  const set = ['PORT', 'HOST', 'PUBLIC_URL', 'DATABASE_URL', 'JOINERY_CONFIG'].filter(
    (name) => env[name] && !(name === 'DATABASE_URL' && /^postgres/i.test(env[name])),
  );
  return [...set.map((name) => `${name}=${quoted(env[name] ?? '')}`), INVOCATION].join(' ');
}

/** As what a shell assigns to a variable; nothing is added that it does not need, for other readers of such lines. */
export function quoted(text: string): string {
  return /^[\w@%+=:,./?-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** What stands at the end of a command's --help. */
export function example(...lines: readonly string[]): string {
  return `\nExample:\n${lines.map((line) => `  ${INVOCATION} ${line}`).join('\n')}`;
}
