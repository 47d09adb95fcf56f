import type { Perform } from '../directory/index.ts';
import { admit } from './admit.ts';
import type { Call, Identify, Reply, Serve } from './call.ts';
import type { Caller } from './caller.ts';
import { discover, isPublic } from './discover.ts';
import { read } from './read.ts';
import { refuse } from './refuse.ts';
import { atRegisteredName, route } from './route.ts';
import { write } from './write.ts';

export interface ServeParts {
  readonly perform: Perform;
  readonly identify: Identify;
}

/** The whole path of a request, and the only place that catches. */
export function createServe({ perform, identify }: ServeParts): Serve {
  return async (given: Call): Promise<Reply> => {
    const call = atRegisteredName(given);
    let caller: Caller | undefined;
    try {
      if (isPublic(call)) return discover(call); //         what anyone may know
      caller = await admit(call, identify); //              who is asking
      const place = route(call, caller); //                 where they knocked
      if (place.kind === 'options') return place.reply;
      if (place.kind === 'discovery') return discover(call, caller);
      const request = await read(call, caller, place); //   what they ask, in the standard's terms
      const outcome = await perform(caller, request); //    what becomes of it
      return write(outcome, { request, call, caller }); //  how it is told
    } catch (error) {
      return refuse(error, call, caller);
    }
  };
}
