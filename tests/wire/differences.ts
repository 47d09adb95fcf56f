/**
 * Where an answer is not what a fixture expects; [] when it is. Objects may hold more than is expected. Lists hold as
 * many elements as are expected, in that order, unless the first is `"{{in any order}}"`. Words with a meaning:
 *
 *     {{any}}          something, and not the empty string
 *     {{absent}}       not there
 *     {{none}}         not there, or an empty list
 *     {{not Mona}}     anything but "Mona", also nothing
 *     {{contains id}}  a string with "id" in it
 *
 * A regular expression, where the fixture is not JSON, asks for a string that it finds something in.
 */
export function differences(expected: unknown, actual: unknown, at = 'body'): string[] {
  if (typeof expected === 'string') {
    const word = /^\{\{(any|absent|none|not|contains)(?: (.*))?\}\}$/.exec(expected);
    if (word !== null)
      return WORDS[word[1] as keyof typeof WORDS](actual, word[2] ?? '') ? [] : [told(expected, actual, at)];
  }
  if (expected instanceof RegExp) {
    return typeof actual === 'string' && expected.test(actual) ? [] : [told(String(expected), actual, at)];
  }
  if (Array.isArray(expected)) return listDifferences(expected, actual, at);
  if (typeof expected === 'object' && expected !== null) {
    if (typeof actual !== 'object' || actual === null || Array.isArray(actual)) return [told(expected, actual, at)];
    return Object.entries(expected).flatMap(([key, value]) =>
      differences(value, (actual as Record<string, unknown>)[key], `${at}.${key}`),
    );
  }
  return expected === actual ? [] : [told(expected, actual, at)];
}

const WORDS = {
  any: (actual: unknown) => actual !== undefined && actual !== null && actual !== '',
  absent: (actual: unknown) => actual === undefined,
  none: (actual: unknown) => actual === undefined || (Array.isArray(actual) && actual.length === 0),
  not: (actual: unknown, word: string) => actual !== word,
  contains: (actual: unknown, word: string) => typeof actual === 'string' && actual.includes(word),
};

function listDifferences(expected: readonly unknown[], actual: unknown, at: string): string[] {
  const [first, ...rest] = expected;
  const anyOrder = first === '{{in any order}}';
  const wanted = anyOrder ? rest : expected;
  if (!Array.isArray(actual) || actual.length !== wanted.length) return [told(wanted, actual, at)];
  if (!anyOrder) return wanted.flatMap((each, index) => differences(each, actual[index], `${at}[${index}]`));
  return wanted.flatMap((each) =>
    actual.some((one) => differences(each, one).length === 0) ? [] : [told(each, actual, at)],
  );
}

function told(expected: unknown, actual: unknown, at: string): string {
  return `${at}: expected ${JSON.stringify(expected)}, got ${JSON.stringify(actual) ?? 'nothing'}`;
}
