import { isMainThread } from 'node:worker_threads';

/**
 * Loaded into a server process before its own code (`node --import`): how the work of its event loop was divided into
 * turns, in milliseconds of this thread's CPU, so that a busy machine does not count. SIGUSR2 prints it and begins anew:
 *
 *     {"longest-turn":12.3,"all-turns":80.1}
 */
if (isMainThread) {
  let begun = cpuMilliseconds();
  let last = begun;
  let longest = 0;
  // A timer is looked at in every turn: between two of its calls lies one turn, or turns of a millisecond in all.
  setInterval(() => {
    const now = cpuMilliseconds();
    longest = Math.max(longest, now - last);
    last = now;
  }, 1).unref();
  process.on('SIGUSR2', () => {
    const now = cpuMilliseconds();
    console.log(JSON.stringify({ 'longest-turn': Math.max(longest, now - last), 'all-turns': now - begun }));
    begun = last = cpuMilliseconds();
    longest = 0;
  });
}

function cpuMilliseconds(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
