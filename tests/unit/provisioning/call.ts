import { randomBytes } from 'node:crypto';
import { DEFAULT_POLICY } from '../../../src/directory/index.ts';
import type { Call, Identified } from '../../../src/provisioning/call.ts';
import type { Caller } from '../../../src/provisioning/caller.ts';
import { type Cursors, createCursors } from '../../../src/provisioning/cursor.ts';
import { type Rules, rulesOf } from '../../../src/provisioning/rules.ts';
import { resourceTypes, STRICT, TOLERANT } from '../../../src/scim/index.ts';

/** Calls and callers as the door and `admit` make them. */

export const BASE = 'https://joinery.example.com/scim/v2';

export const CURSORS: Cursors = createCursors(randomBytes(32), Date.now);

export function rules(strict = false): ReadonlyMap<string, Rules> {
  return new Map([['app', rulesOf({ strict, extensions: [], entitlements: [] })]]);
}

/** `POST`, `/Users?attributes=userName`, and what of headers and body differs from a plain SCIM client's. */
export function callTo(
  method: string,
  path: string,
  given: { readonly headers?: Call['headers']; readonly body?: string } = {},
): Call {
  const [local = '', query = ''] = path.split('?', 2);
  return {
    method,
    segments: local.split('/').filter((segment) => segment !== ''),
    query,
    headers: { contentType: 'application/scim+json', ...given.headers },
    body: async () => given.body ?? '',
    base: BASE,
    application: 'app',
    requestId: 'request-1',
  };
}

export function callerWith(given: { readonly scope?: 'provision' | 'read'; readonly strict?: boolean } = {}): Caller {
  const strict = given.strict ?? false;
  const tolerances = strict ? STRICT : TOLERANT;
  return {
    directory: { id: 'directory-a', tolerances, types: resourceTypes(tolerances), policy: DEFAULT_POLICY, base: BASE },
    by: { kind: 'credential', id: 'credential-1', name: 'Okta' },
    requestId: 'request-1',
    scope: given.scope ?? 'provision',
    strict,
  };
}

export function identified(given: Partial<Identified> = {}): Identified {
  return {
    kind: 'identified',
    credential: { id: 'credential-1', name: 'Okta', scope: 'provision' },
    directory: 'directory-a',
    application: 'app',
    organization: { id: 'organization-1', slug: 'acme' },
    ...given,
  };
}
