import { STATUS_CODES } from 'node:http';
import { asText, type Json, member } from '../json.ts';

/**
 * What Okta writes in its task list for a reply (idp-clients §1.9), or undefined for a 2xx.
 *
 *     409 {"detail":"userName is taken"}   Conflict. Errors reported by remote server: userName is taken
 *     502 error code: 502                  Invalid JSON: Unrecognized token 'error' at line: 1, column: 6
 */
export function problemOf(status: number, text: string, json: Json | undefined): string | undefined {
  const isSuccess = status >= 200 && status < 300;
  if (json === undefined && text.trim() !== '') return invalidJson(text.trim());
  if (isSuccess) return undefined;
  const reason = STATUS_CODES[status] ?? `Status ${status}`;
  const detail = asText(member(json, 'detail'));
  return `${reason}. Errors reported by remote server: ${detail ?? 'none'}`;
}

/** Okta parses before it looks at the status, so a proxy's page hides whatever went wrong (Metatavu#100). */
function invalidJson(text: string): string {
  const token = /^\w+/.exec(text)?.[0];
  return token === undefined
    ? `Invalid JSON: Unexpected character ('${text.charAt(0)}') at line: 1, column: 1`
    : `Invalid JSON: Unrecognized token '${token}' at line: 1, column: ${token.length + 1}`;
}
