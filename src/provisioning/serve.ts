import type { Perform } from '../directory/index.ts';
import { type Admission, admit } from './admit.ts';
import { bulk } from './bulk/bulk.ts';
import type { Call, Reply, Serve } from './call.ts';
import type { Caller } from './caller.ts';
import type { Cursors } from './cursor.ts';
import { isDeclared, readDeclared } from './declared.ts';
import { discover, isPublic } from './discover.ts';
import { asksForGroups, noGroups, refuseImport } from './features.ts';
import { createGate, type Gate, type Visit } from './gate.ts';
import { read } from './read.ts';
import { refuse } from './refuse.ts';
import { atRegisteredName, route } from './route.ts';
import { write } from './write.ts';

export interface ServeParts extends Admission {
  readonly perform: Perform;
  readonly cursors: Cursors;
  /** One with the usual bounds when absent. */
  readonly gate?: Gate;
}

/** The whole path of a request, and the only place that catches. */
export function createServe({ perform, cursors, gate = createGate(), ...admission }: ServeParts): Serve {
  return async (given: Call): Promise<Reply> => {
    let call = atRegisteredName(given);
    const used = new Set<string>();
    let caller: Caller | undefined;
    let visit: Visit | undefined;
    try {
      if (isPublic(call)) return discover(call, admission.rules); //              what anyone may know
      caller = await admit(call, admission); //                                   who is asking
      visit = gate.enter(caller.directory.id); //                                 is there room for it
      if (SENDS_NOTHING.has(call.method)) await visit.begin();
      else call = { ...call, body: afterBody(call, visit) };
      if (caller.directory.base !== call.base) call = { ...call, base: caller.directory.base };
      const place = route(call, caller); //                                       where they knocked
      if (place.kind === 'options') return place.reply;
      if (place.kind === 'discovery') return discover(call, admission.rules, caller);
      if (place.kind === 'bulk') {
        return await bulk(call, caller, { perform, used, admit: () => admit(call, admission) });
      }
      const request = await read(call, place, { caller, cursors, used }); //      what they ask, in the standard's terms
      if (isDeclared(request)) return readDeclared(request, { call, caller, cursors, used });
      const { features } = caller.directory.policy;
      if (!features.pushGroups && asksForGroups(request)) return noGroups(request, caller, used);
      if (!features.import) refuseImport(request);
      const outcome = await perform(caller, request); //                          what becomes of it
      return write(outcome, { request, call, caller, cursors, used }); //         how it is told
    } catch (error) {
      return refuse(error, { call, caller, used });
    } finally {
      visit?.end();
    }
  };
}

const SENDS_NOTHING: ReadonlySet<string> = new Set(['GET', 'DELETE', 'OPTIONS']);

/** Its turn comes when its body is there: who sends slowly keeps nobody waiting. */
function afterBody({ body }: Call, visit: Visit): Call['body'] {
  return async (limit, directory) => {
    const text = await body(limit, directory);
    await visit.begin();
    return text;
  };
}
