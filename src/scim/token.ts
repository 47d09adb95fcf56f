/**
 * Whether a text holds one of our tokens, `jn-` and 43 characters of base64url, as a word of its own: inside a longer run
 * of such characters (a signed URL, a certificate) it is chance.
 */
export function holdsToken(text: string): boolean {
  return text.length >= LENGTH && text.includes('jn-') && TOKEN.test(text);
}

const LENGTH = 46;
const TOKEN = /(?<![\w-])jn-[\w-]{43}(?![\w-])/;
