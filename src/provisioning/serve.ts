import type { Perform } from '../directory/index.ts';
import { type Admission, admit } from './admit.ts';
import { bulk } from './bulk.ts';
import type { Call, Reply, Serve } from './call.ts';
import type { Caller } from './caller.ts';
import type { Cursors } from './cursor.ts';
import { isDeclared, readDeclared } from './declared.ts';
import { discover, isPublic } from './discover.ts';
import { asksForGroups, noGroups, refuseImport } from './features.ts';
import { read } from './read.ts';
import { refuse } from './refuse.ts';
import { atRegisteredName, route } from './route.ts';
import { write } from './write.ts';

export interface ServeParts extends Admission {
  readonly perform: Perform;
  readonly cursors: Cursors;
}

/** The whole path of a request, and the only place that catches. */
export function createServe({ perform, cursors, ...admission }: ServeParts): Serve {
  return async (given: Call): Promise<Reply> => {
    let call = atRegisteredName(given);
    const used = new Set<string>();
    let caller: Caller | undefined;
    try {
      if (isPublic(call)) return discover(call, admission.rules); //              what anyone may know
      caller = await admit(call, admission); //                                   who is asking
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
    }
  };
}
