import type { ScimWrite } from '../../scim/index.ts';
import type { Actor } from '../actor.ts';
import { decideCreate } from './create.ts';
import { decideRemoval } from './remove.ts';
import { decideUpdate } from './update.ts';
import type { Decision, Verdict } from './verdict.ts';

export type { Decided, Verdict } from './verdict.ts';

/** What becomes of a write: pure. Clock and ids come as arguments, everything else is in the facts. */
export function decide(actor: Actor, { request, ...given }: { request: ScimWrite } & Omit<Decision, 'actor'>): Verdict {
  if (given.facts.misfit !== undefined) return { kind: 'refused', refusal: given.facts.misfit };
  const decision: Decision = { actor, ...given };
  switch (request.kind) {
    case 'create':
      return decideCreate(request, decision);
    case 'replace':
    case 'patch':
      return decideUpdate(request, decision);
    case 'remove':
      return decideRemoval(request, decision);
  }
}
