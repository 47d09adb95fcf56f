import { expect } from 'vitest';
import { type JsonObject, type JsonValue, ScimError } from '../../../src/scim/index.ts';

export const USER_URN = 'urn:ietf:params:scim:schemas:core:2.0:User';
export const GROUP_URN = 'urn:ietf:params:scim:schemas:core:2.0:Group';
export const ENT = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
export const PATCH_URN = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

export const BARBARA: JsonObject = {
  schemas: [USER_URN, ENT],
  id: '2819c223',
  externalId: '00u1',
  userName: 'bjensen',
  name: { formatted: 'Ms. Barbara J Jensen', familyName: 'Jensen', givenName: 'Barbara' },
  title: 'Guide',
  active: true,
  emails: [
    { value: 'bjensen@example.com', type: 'work', primary: true },
    { value: 'babs@jensen.org', display: 'private', type: 'home' },
  ],
  addresses: [
    { streetAddress: '100 Street', country: 'US', type: 'work' },
    { streetAddress: '200 Street', country: 'US', type: 'work' },
    { streetAddress: '300 Street', country: 'DE', type: 'home' },
  ],
  [ENT]: { employeeNumber: '701984', department: 'Tours', manager: { value: '26118915' } },
};

export function patchOp(...operations: JsonValue[]): JsonObject {
  return { schemas: [PATCH_URN], Operations: operations };
}

/** What the call was refused with; fails when it was not. */
export function refusal(call: () => unknown): ScimError {
  try {
    call();
  } catch (error) {
    if (error instanceof ScimError) return error;
    throw error;
  }
  return expect.unreachable('a ScimError was expected');
}

/** A value that cannot be written into, at any depth. */
export function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const part of Object.values(value)) frozen(part);
    Object.freeze(value);
  }
  return value;
}
