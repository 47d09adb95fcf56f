/**
 * An error for the operator's log, in its own words and no more: what `pg` throws may hold its client, which holds the
 * password, and what PostgreSQL says in detail may hold what a client sent.
 */
export function told(error: unknown): Error {
  const message = error instanceof Error ? messageOf(error) : String(error);
  return new Error(message.replace(URL_PASSWORD, '$1…@'));
}

const URL_PASSWORD = /(:\/\/[^\s:/@]*:)[^\s@]*@/g;

/** Where several addresses were tried the words are in the errors that it holds. */
function messageOf(error: Error): string {
  if (error.message !== '' || !(error instanceof AggregateError)) return error.message;
  return error.errors.map((one) => (one instanceof Error ? one.message : String(one))).join('; ');
}
