import { STATUS_CODES } from 'node:http';
import { asText, type Json, member } from '../json.ts';

/**
 * What stands in Entra's provisioning log for a reply, or undefined for a 2xx.
 *
 *     409 {"detail":"userName is taken"}   StatusCode: Conflict. Web Response: userName is taken
 */
export function problemOf(status: number, text: string, json: Json | undefined): string | undefined {
  if (json === undefined && text.trim() !== '') {
    return `StatusCode: ${nameOf(status)}. The response is not JSON: ${text.trim().slice(0, 80)}`;
  }
  if (status >= 200 && status < 300) return undefined;
  return `StatusCode: ${nameOf(status)}. Web Response: ${asText(member(json, 'detail')) ?? 'none'}`;
}

function nameOf(status: number): string {
  return STATUS_CODES[status]?.replaceAll(/\W/g, '') ?? String(status);
}
