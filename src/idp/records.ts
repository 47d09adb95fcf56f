import { asArray, asText, type Json, member } from './json.ts';

/** The records of a list. Okta reads `resources` as well as `Resources` (idp-clients §1.2). */
export function resourcesOf(json: Json | undefined): readonly Json[] | undefined {
  return asArray(member(json, 'Resources')) ?? asArray(member(json, 'resources'));
}

export function idOf(resource: Json | undefined): string {
  return asText(member(resource, 'id')) ?? '';
}
