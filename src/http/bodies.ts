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
  /**
   * Takes nothing: a length that is only announced must not keep others out.
   *
   * @throws ScimError 503 when that much is not free
   */
  readonly check: (bytes: number) => void;
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
    const check = (bytes: number): void => {
      if (bytes <= mine || bytes <= SMALL) return;
      if (theirsWith(bytes) > directoryBodyBytes)
        throw full('This directory is sending as many large requests as it may');
      if (allTaken - mine + bytes > bodyBytes) throw full('As many large requests as there is room for are being sent');
    };
    const theirsWith = (bytes: number): number => (taken.get(directory) ?? 0) - mine + bytes;
    return {
      check,
      widen: (bytes) => {
        check(bytes);
        if (bytes <= mine || bytes <= SMALL) return;
        taken.set(directory, theirsWith(bytes));
        allTaken += bytes - mine;
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
