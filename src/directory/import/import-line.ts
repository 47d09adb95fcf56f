import type { ResourceType, ScimWrite } from '../../scim/index.ts';
import type { Actor } from '../actor.ts';
import type { Change } from '../change.ts';
import { decide } from '../decide/index.ts';
import { type Facts, gather } from '../gather.ts';
import type { DirectoryServices } from '../perform.ts';
import { rule } from '../policies/rule.ts';
import type { Transaction } from '../ports.ts';
import { sentence } from '../refusal-sentence.ts';
import { type CheckedLine, twice } from './checked-line.ts';
import type { Seen } from './seen.ts';

export interface LineMeans {
  readonly services: DirectoryServices;
  readonly actor: Actor;
  readonly type: ResourceType;
  readonly dryRun: boolean;
  readonly seen: Seen;
}

export type LineDone =
  | { readonly kind: 'created' | 'changed' | 'unchanged'; readonly changes: readonly Change[] }
  | { readonly kind: 'managed' }
  | { readonly kind: 'refused'; readonly detail: string };

/** What becomes of a line, by the same decision and the same limits as any other write. */
export async function importLine(transaction: Transaction, line: CheckedLine, means: LineMeans): Promise<LineDone> {
  const { services, actor, type, dryRun } = means;
  const create: ScimWrite = { kind: 'create', type, draft: line.draft, view: {} };
  const met = await gather(transaction, actor, { request: create, alone: true });
  const { sameName, sameExternalId } = met;
  const there = sameName ?? sameExternalId;
  if (sameName !== undefined && sameExternalId !== undefined && sameName.id !== sameExternalId.id) {
    const externalId = String(line.draft.attributes.externalId);
    return refused({ reason: 'two-matches', type: type.name, name: line.userName, externalId });
  }
  if (there !== undefined && there.unowned !== true) return { kind: 'managed' };
  // One line by the userName, another by the externalId: run again, the first would make somebody new. The transaction of
  // this line may have run before.
  const before = there === undefined ? undefined : means.seen.note(`id ${there.id}`, line.line);
  if (before !== undefined && before !== line.line) return { kind: 'refused', detail: twice(before) };
  const request: ScimWrite =
    there === undefined ? create : { kind: 'patch', type, id: there.id, operations: line.operations };
  const facts: Facts = there === undefined ? met : await gather(transaction, actor, { request, alone: true });
  const now = services.clock().toISOString();
  const decided = decide(actor, { request, facts, now, newId: services.newId });
  const { verdict } = await rule(transaction, { ...services, actor, request, facts, verdict: decided });
  if (verdict.kind === 'refused') return refused(verdict.refusal);
  if (verdict.kind === 'removed') throw new Error('an import has removed somebody');
  const changes = verdict.changes.map(withoutOwner);
  if (changes.length > 0 && !dryRun) {
    await transaction.commit({ by: actor.by, requestId: actor.requestId, at: verdict.at, changes });
  }
  return { kind: verdict.kind, changes };
}

function refused(refusal: Parameters<typeof sentence>[0]): LineDone {
  return { kind: 'refused', detail: sentence(refusal) };
}

/** Until a provider takes them over (decision 32). */
function withoutOwner(change: Change): Change {
  return change.kind === 'created' ? { ...change, after: { ...change.after, unowned: true } } : change;
}
