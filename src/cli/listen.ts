import { CommandFailed } from './failure.ts';
import type { Instance } from './instance.ts';
import { pauseBefore, type Stop } from './stop.ts';

/** Opens the doors. @throws CommandFailed with a sentence when the port cannot be had */
export async function listen({ app, host, port }: Instance): Promise<void> {
  try {
    await app.listen();
  } catch (error) {
    await app.close();
    throw explained(error, host, port);
  }
  // From here on a full disk, or a reader that has gone, may cost what is printed; it must not cost the server.
  process.stdout.removeAllListeners('error').on('error', () => undefined);
}

/** Resolves when the process is asked to stop, who asks /readyz has had the time to see it, and all that began is finished. */
export async function untilStopped({ app, drainSeconds }: Instance, stop: Stop): Promise<void> {
  const stopped = AbortSignal.any([stop.asked, ...shellIsGone()]);
  if (!stopped.aborted) await new Promise((resolve) => stopped.addEventListener('abort', resolve, { once: true }));
  app.drain();
  if (drainSeconds > 0 && process.stderr.isTTY) {
    console.error(`joinery: /readyz says no, and in ${drainSeconds} s it stops. Ctrl-C does not wait for that.`);
  }
  await pauseBefore(stop, drainSeconds * 1_000);
  await app.close();
}

const LOOK_AGAIN_MS = 500;
/** Read as early as can be: it may be gone by the time that the doors are open. */
const SHELL = process.ppid;

/** npm runs a script in a shell, which dies of a signal without passing it on: that it is gone is the signal then. */
function shellIsGone(): readonly AbortSignal[] {
  if (process.env.npm_lifecycle_event === undefined) return [];
  const gone = new AbortController();
  const looking = setInterval(() => {
    if (process.ppid === SHELL) return;
    clearInterval(looking);
    gone.abort();
  }, LOOK_AGAIN_MS);
  looking.unref();
  return [gone.signal];
}

function explained(error: unknown, host: string, port: number): unknown {
  switch (error instanceof Error && 'code' in error ? error.code : undefined) {
    case 'EADDRINUSE':
      return new CommandFailed(
        `port ${port} of ${host} is taken by another program. Stop that one, or choose another port: PORT=${port === 65_535 ? 3000 : port + 1}.`,
      );
    case 'EACCES':
      return new CommandFailed(`this user may not listen on port ${port}. Choose one above 1023: PORT=3000.`);
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new CommandFailed(
        `HOST is ${host}, which is no address of this machine. Take 127.0.0.1, or 0.0.0.0 for all.`,
      );
    default:
      return error;
  }
}
