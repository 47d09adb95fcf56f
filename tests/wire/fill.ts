/** What the placeholders of a conversation stand for: `{{token}}`, `{{n}}`, and `{{user.id}}` or `{{user.emails.0.value}}` once `user` has answered. */
export type Known = ReadonlyMap<string, unknown>;

/**
 * A fixture's value with its placeholders filled in. One that is all of a string may stand for anything
 * (`"meta":"{{read.meta}}"`), one inside a string for text.
 */
export function fill(value: unknown, known: Known): unknown {
  if (typeof value === 'string') return fillText(value, known);
  if (Array.isArray(value)) return value.map((each) => fill(each, known));
  if (typeof value !== 'object' || value === null || value instanceof RegExp) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, fill(each, known)]));
}

function fillText(text: string, known: Known): unknown {
  const whole = /^\{\{([a-z]\w*(?:\.\w+)*)\}\}$/i.exec(text)?.[1];
  if (whole !== undefined && isKnown(whole, known)) return lookUp(whole, known);
  return text.replaceAll(/\{\{([a-z]\w*(?:\.\w+)*)\}\}/gi, (given, name: string) =>
    isKnown(name, known) ? String(lookUp(name, known)) : given,
  );
}

function isKnown(name: string, known: Known): boolean {
  return known.has(name.split('.', 1)[0] ?? '');
}

function lookUp(name: string, known: Known): unknown {
  const [first = '', ...rest] = name.split('.');
  const value = rest.reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], known.get(first));
  if (value === undefined) throw new Error(`the fixture's {{${name}}} stands for nothing that was answered`);
  return value;
}
