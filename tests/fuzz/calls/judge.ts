import type { Told } from './place.ts';

/** What is wrong with an answer, whatever was asked; undefined when nothing is. */
export function wrongWith({ status, text, logged }: Told): string | undefined {
  if (status >= 500) return `status ${status}: ${logged instanceof Error ? logged.stack : text}`;
  if (text === '') return status === 204 || status === 304 ? undefined : `status ${status} without a body`;
  let body: { schemas?: unknown; status?: unknown; detail?: unknown };
  try {
    body = JSON.parse(text);
  } catch {
    return `status ${status} with a body that is no JSON: ${text.slice(0, 200)}`;
  }
  if (status < 400) return undefined;
  const isError = JSON.stringify(body.schemas) === '["urn:ietf:params:scim:api:messages:2.0:Error"]';
  const isTold = typeof body.detail === 'string' && body.detail.length > 0 && body.detail.length < 2_000;
  return isError && body.status === String(status) && isTold
    ? undefined
    : `an error that is none: ${text.slice(0, 300)}`;
}
