import { lacking } from '../directory/index.ts';
import { ScimError } from '../scim/index.ts';
import type { Call, Identified, Identify } from './call.ts';
import type { Caller } from './caller.ts';
import type { Rules } from './rules.ts';
import { belonging } from './whose.ts';

/** RFC 6750 §3: the challenge names the scheme; `error` only when a token was presented. */
const CHALLENGE = 'Bearer realm="Joinery SCIM"';
const INVALID = `${CHALLENGE}, error="invalid_token"`;

/**
 * Who is asking: the presented token finds its directory, once, before the body is read.
 *
 *     Authorization: Bearer jn-…   |   bearer jn-…   |   jn-…   |   Basic base64("anything:jn-…")
 *
 * Okta's header mode sends the token bare (idp-clients §1.3). A token of another application is as unknown here as a
 * wrong one.
 *
 * @throws ScimError 401; 403 for an organization that may not come in
 */
export async function admit(call: Call, { identify, rules }: Admission): Promise<Caller> {
  const token = presentedToken(call.headers.authorization);
  if (token === undefined && /\S\s+\S/.test(call.headers.authorization ?? '')) {
    throw ScimError.unauthorized(
      'The Authorization header of this connection cannot be read. Send the SCIM token as "Bearer <token>".',
      INVALID,
    );
  }
  if (token === undefined) {
    throw ScimError.unauthorized(
      'No token was sent. Put the SCIM token of this directory into the Authorization header of the connection ("Bearer <token>").',
      CHALLENGE,
    );
  }
  const found = await identify(token);
  if (found.kind === 'expired') {
    const told = ScimError.unauthorized(
      'The SCIM token of this connection has expired. Ask an administrator of the application for a new one and put it into the connection.',
      INVALID,
    );
    throw belonging(told, found.whose && { outcome: 'key-expired', ...found.whose });
  }
  if (found.kind === 'revoked') {
    const told = ScimError.unauthorized(
      'The SCIM token of this connection was revoked. Ask an administrator of the application for a new one and put it into the connection.',
      INVALID,
    );
    throw belonging(told, found.whose && { outcome: 'key-revoked', ...found.whose });
  }
  const held = rules.get(call.application);
  if (found.kind !== 'identified' || held === undefined || !isHere(found, call)) {
    throw ScimError.unauthorized(
      'The SCIM token is not valid at this base URL. Check that both were copied whole, and belong together.',
      INVALID,
    );
  }
  refuseLacking(found, held);
  return callerOf(call, found, held);
}

/** A token of another application, or at the host of another organization, is as unknown as a wrong one. */
function isHere({ application, organization }: Identified, call: Call): boolean {
  return application === call.application && (call.slug === undefined || call.slug === organization.slug);
}

/** Decision 34: 403 is what no retry and no other person changes. */
function refuseLacking({ organization, application, directory, credential }: Identified, { requires }: Rules): void {
  const lacks = lacking(organization, requires);
  if (lacks === undefined) return;
  const details = {
    plan: `The plan of the organization "${organization.slug}" does not include provisioning in ${application}. Nothing was changed. An administrator of the application has to change the plan (${(requires.plans ?? []).join(', ')}); then provision again.`,
    sso: `The organization "${organization.slug}" has not enabled SSO, without which there is no provisioning in ${application}. Nothing was changed. An administrator of the application has to enable SSO first; then provision again.`,
  };
  throw belonging(ScimError.forbidden(details[lacks]), { outcome: lacks, directory, credential });
}

export interface Admission {
  readonly identify: Identify;
  /** By the application's name. */
  readonly rules: ReadonlyMap<string, Rules>;
}

/** Undefined when nothing was presented, or only the name of a scheme, or more than one token. */
function presentedToken(header: string | undefined): string | undefined {
  const words = (header ?? '')
    .replaceAll('\t', ' ')
    .split(' ')
    .filter((word) => word !== '');
  const scheme = words[0]?.toLowerCase();
  if (scheme === 'basic') return words.length === 2 ? passwordOf(words[1] ?? '') : undefined;
  // Some administrators type "Bearer <token>" into a field that adds the word itself.
  for (let twice = 0; twice < 2 && words[0]?.toLowerCase() === 'bearer'; twice += 1) words.shift();
  return words.length === 1 ? words[0] : undefined;
}

/** RFC 7617 §2: everything after the first colon. */
function passwordOf(encoded: string): string | undefined {
  let decoded: string;
  try {
    decoded = atob(encoded);
  } catch {
    return undefined;
  }
  const colon = decoded.indexOf(':');
  return colon === -1 || colon === decoded.length - 1 ? undefined : decoded.slice(colon + 1);
}

async function callerOf(
  call: Call,
  found: Identified,
  { strict, tolerances, types, policyOf }: Rules,
): Promise<Caller> {
  return {
    directory: {
      id: found.directory,
      tolerances,
      types,
      policy: await policyOf(found.policy),
      base: baseOf(call, found),
    },
    by: { kind: 'credential', id: found.credential.id, name: found.credential.name },
    requestId: call.requestId,
    scope: found.credential.scope,
    strict,
  };
}

/** `https://*.scim.example.com/scim/v2` → `https://acme.scim.example.com/scim/v2` */
function baseOf({ base }: Call, { organization }: Identified): string {
  return base.replace('//*.', `//${organization.slug}.`);
}
