import { ScimError } from '../provisioning/index.ts';
import type { HttpLimits } from './limits.ts';

/** The room for the bodies that are read at once: a thousand half-sent uploads must not fill the memory. */
export interface Bodies {
  /** Room for one body, which has none yet. */
  readonly open: (directory: string) => BodyRoom;
}

export interface BodyRoom {
  /**
   * Takes as much room as makes it so many bytes.
   *
   * @throws ScimError 503 when that much is not free, for all or for this directory
   */
  readonly widen: (bytes: number) => void;
  /** Gives it all back. */
  readonly leave: () => void;
}

/** A body of this size always has room: half-sent uploads must not stop what is sent for a person. */
const SMALL = 65_536;
const RETRY_AFTER = 10;

export function createBodies({ bodyBytes, directoryBodyBytes }: HttpLimits): Bodies {
  const taken = new Map<string, number>();
  let allTaken = 0;
  return { open };

  function open(directory: string): BodyRoom {
    let mine = 0;
    return {
      widen: (bytes) => {
        if (bytes <= mine || bytes <= SMALL) return;
        const theirs = (taken.get(directory) ?? 0) - mine + bytes;
        if (theirs > directoryBodyBytes) throw full('This directory is sending as many large requests as it may');
        if (allTaken - mine + bytes > bodyBytes)
          throw full('As many large requests as there is room for are being sent');
        allTaken += bytes - mine;
        taken.set(directory, theirs);
        mine = bytes;
      },
      leave: () => {
        if (mine === 0) return;
        const theirs = (taken.get(directory) ?? 0) - mine;
        if (theirs > 0) taken.set(directory, theirs);
        else taken.delete(directory);
        allTaken -= mine;
        mine = 0;
      },
    };
  }
}

function full(reason: string): ScimError {
  return ScimError.unavailable(
    `${reason} at this moment. Nothing was changed. Send it again when some of them are done, or send less at once.`,
    RETRY_AFTER,
  );
}
