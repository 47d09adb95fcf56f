/** What comes from outside and may be long, as a sentence quotes it. */
export function shorten(text: string, most = 200): string {
  return text.length <= most ? text : `${text.slice(0, most).toWellFormed()}…`;
}
