import type { JournalEntry } from '../directory/index.ts';
import { queryWithoutSecrets, type Reply, withoutSecrets } from '../provisioning/index.ts';
import type { ScimExchange } from './scim.ts';

export interface Answered {
  readonly exchange: ScimExchange;
  /** As the log has it. */
  readonly path: string | undefined;
  readonly requestId: string;
  readonly reply: Reply;
  readonly ms: number;
  readonly isAborted: boolean;
}

/**
 * A call as the journal has it; undefined where it is not known whose it was. Of reads that were answered one line, of
 * writes and of refusals the bodies too. No header ever.
 */
export function journalEntry({ exchange, path, requestId, reply, ms, isAborted }: Answered): JournalEntry | undefined {
  const { request, target, sent } = exchange;
  const { directory, credential, credentialName, outcome, rewrites = NONE, ignored = NONE } = reply.note;
  if (directory === undefined || target === undefined || path === undefined) return undefined;
  const method = request.method ?? 'GET';
  // A search is a POST that reads.
  const hasBodies = reply.status >= 400 || !(READS.has(method) || outcome === 'listed');
  return {
    directory,
    requestId,
    at: Date.now() - ms,
    method,
    path: target.query === '' ? path : `${path}?${queryWithoutSecrets(target.query)}`,
    status: reply.status,
    ms: Math.round(ms * 1000) / 1000,
    outcome,
    credential,
    credentialName,
    rewrites,
    ignored,
    isAborted,
    sent: hasBodies ? sentText(sent) : undefined,
    answered: hasBodies ? answeredText(reply) : undefined,
  };
}

const NONE: readonly string[] = [];
const READS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

function sentText(sent: ScimExchange['sent']): string | undefined {
  if (sent === undefined || sent === '') return undefined;
  return typeof sent === 'string' ? withoutSecrets(sent) : sent.shown;
}

function answeredText({ body }: Reply): string | undefined {
  if (body === undefined) return undefined;
  return typeof body === 'string' ? withoutSecrets(body) : '[cut: sent in pieces]';
}
