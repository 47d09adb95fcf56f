import { dateTimeKey } from './date-time.ts';
import { ScimError } from './error.ts';
import type { ReadContext } from './read-value.ts';
import type { Attribute } from './schema/attribute.ts';

/**
 * What the text of a value must look like beyond being text. Dates, base64 and dangerous URLs are always checked; what
 * identity providers often get wrong (`verbatimFormats`) is stored as sent unless `strict`.
 *
 * @throws ScimError invalidValue
 */
export function checkFormat(attribute: Attribute, text: string, context: ReadContext): void {
  const expected =
    unlike(ALWAYS[attribute.type], text) ??
    (context.tolerances.verbatimFormats
      ? undefined
      : (unlike(STRICTLY[attribute.type], text) ?? unlike(BY_PATH.get(context.path), text)));
  if (expected !== undefined) throw ScimError.invalidValue(`${context.path} must be ${expected}.`);
}

interface Format {
  readonly expected: string;
  fits(text: string): boolean;
}

function unlike(format: Format | undefined, text: string): string | undefined {
  return format === undefined || format.fits(text) ? undefined : format.expected;
}

const ALWAYS: Partial<Record<Attribute['type'], Format>> = {
  // RFC 7643 §2.3.5.
  dateTime: {
    expected: 'a date and time that exist, such as 2011-05-13T04:42:34Z',
    fits: (text) => dateTimeKey(text) !== undefined,
  },
  // RFC 7643 §2.3.6: padding may be left out; base64url only where a schema says so, and none does.
  binary: { expected: 'base64, as in RFC 4648 §4', fits: isBase64 },
  // Such a URL, once shown as a link, runs in the reader's browser.
  reference: {
    expected: 'a URL that leads somewhere; javascript: and vbscript: run as code',
    // Browsers look past control characters, also inside the scheme.
    fits: (text) => !/^(?:javascript|vbscript):/i.test(text.slice(0, 100).replaceAll(/[\s\p{Cc}]/gu, '')),
  },
};

const STRICTLY: Partial<Record<Attribute['type'], Format>> = {
  // RFC 7643 §2.3.7, by the characters of RFC 3986 §2.
  reference: {
    expected: 'a URI, with every other character percent-encoded',
    fits: (text) => /^(?:[\w\-.~:/?#[\]@!$&'()*+,;=]|%[\dA-Fa-f]{2})+$/.test(text),
  },
};

/** RFC 7643 §4.1. Paths of extensions begin with their URN, so none of theirs is meant. */
const BY_PATH: ReadonlyMap<string, Format> = new Map([
  ['locale', { expected: 'a language tag, such as en-US', fits: isLocale }],
  ['timezone', { expected: 'a time zone of the IANA database, such as America/Los_Angeles', fits: isTimezone }],
  [
    'addresses.country',
    { expected: 'two letters of ISO 3166-1, such as US', fits: (text) => /^[A-Za-z]{2}$/.test(text) },
  ],
  ['emails.value', { expected: 'an e-mail address, such as bjensen@example.com', fits: isEmail }],
  ['x509Certificates.value', { expected: 'one certificate in DER, in base64', fits: isOneDerSequence }],
]);

function isBase64(text: string): boolean {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return false;
  return text.endsWith('=') ? text.length % 4 === 0 : text.length % 4 !== 1;
}

/** BCP 47 needs 35 characters, the longest zone 32; what looks at them takes as many steps as they are, squared. */
const LONGEST_TAG = 255;

/** RFC 5646 §2.1: tags that are no locale of Unicode's. */
const PRIVATE_USE = /^x(?:-[a-z0-9]{1,8})+$/i;
const IRREGULAR: ReadonlySet<string> = new Set([
  'en-gb-oed',
  'i-ami',
  'i-bnn',
  'i-default',
  'i-enochian',
  'i-hak',
  'i-klingon',
  'i-lux',
  'i-mingo',
  'i-navajo',
  'i-pwn',
  'i-tao',
  'i-tay',
  'i-tsu',
  'sgn-be-fr',
  'sgn-be-nl',
  'sgn-ch-de',
]);

/** BCP 47; `_` for `-` is common and clear. */
function isLocale(text: string): boolean {
  if (text.length > LONGEST_TAG) return false;
  const tag = text.replaceAll('_', '-');
  if (PRIVATE_USE.test(tag) || IRREGULAR.has(tag.toLowerCase())) return true;
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
}

function isTimezone(text: string): boolean {
  // An offset (+01:00) is known to Intl too, but is no zone of the database.
  if (text.length > LONGEST_TAG || !/^[A-Za-z]/.test(text)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: text });
    return true;
  } catch {
    return false;
  }
}

/** RFC 5321 §4.1.2 and §4.5.3.1, loosely: what no mail server could ever take is refused. */
function isEmail(text: string): boolean {
  if (text.length > 254) return false;
  const [, local = '', domain = ''] = /^([^\s@"]+|"[^"\n\r]+")@([^\s@]+)$/.exec(text) ?? [];
  return local !== '' && local.length <= 64 && domain !== '';
}

/** X.690 §8: one SEQUENCE, whose length is all the rest. Two certificates one after the other are not that. */
function isOneDerSequence(text: string): boolean {
  const bytes = atob(text);
  if (bytes.charCodeAt(0) !== 0x30) return false;
  const first = bytes.charCodeAt(1);
  if (first < 0x80) return bytes.length === 2 + first;
  const count = first & 0x7f;
  if (count === 0 || count > 4) return false;
  let length = 0;
  for (let at = 2; at < 2 + count; at += 1) length = length * 256 + bytes.charCodeAt(at);
  return bytes.length === 2 + count + length;
}
