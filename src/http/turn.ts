let ending: Promise<void> | undefined;

/** Resolves once all that has come in from the network with this is looked at: at the end of this turn of the event loop. */
export function endOfTurn(): Promise<void> {
  ending ??= new Promise((resolve) => {
    setImmediate(() => {
      ending = undefined;
      resolve();
    });
  });
  return ending;
}
