/** How long this thread worked in one turn of its event loop, in milliseconds of CPU, so that a busy machine does not count. */
export interface Turns {
  begin(): void;
  /** The longest since it began. */
  longest(): number;
  stop(): void;
}

export function watchTurns(): Turns {
  let last = cpuMilliseconds();
  let longest = 0;
  const look = (): void => {
    const now = cpuMilliseconds();
    longest = Math.max(longest, now - last);
    last = now;
  };
  // It is looked at in every turn: between two of its calls lies one turn, or turns of a millisecond in all.
  const timer = setInterval(look, 1);
  return {
    begin() {
      last = cpuMilliseconds();
      longest = 0;
    },
    longest() {
      look();
      return longest;
    },
    stop: () => clearInterval(timer),
  };
}

function cpuMilliseconds(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
