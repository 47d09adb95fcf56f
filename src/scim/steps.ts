/**
 * What is long is done in steps of about a millisecond or less, and whoever asks for it says what happens between them:
 * here nothing, all of them are taken at once.
 */
export function atOnce<T>(steps: Iterator<void, T>): T {
  for (let step = steps.next(); ; step = steps.next()) if (step.done) return step.value;
}
