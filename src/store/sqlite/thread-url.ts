/** A thread's file beside this one: `.ts` as the sources stand, `.js` once built. */
export function threadUrl(name: string): URL {
  return new URL(`./${name}${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);
}
