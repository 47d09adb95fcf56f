export const EXIT = { done: 0, failed: 1, usage: 2 } as const;

/** A command that came to nothing, with a sentence for who ran it. */
export class CommandFailed extends Error {
  override readonly name = 'CommandFailed';
  readonly exitCode: number;

  constructor(message: string, exitCode: number = EXIT.failed) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** One line on standard error for each thing that is wrong, and the exit code. No stack but for what nobody foresaw. */
export function tellFailure(error: unknown): number {
  if (isSettingsError(error)) {
    for (const problem of error.problems) console.error(`joinery: ${problem}`);
    return EXIT.usage;
  }
  console.error(`joinery: ${isForeseen(error) ? error.message.replaceAll('\n', '\njoinery: ') : unforeseen(error)}`);
  return error instanceof CommandFailed ? error.exitCode : EXIT.failed;
}

/** By name: importing the class would load the whole application for every usage message. */
function isSettingsError(error: unknown): error is Error & { readonly problems: readonly string[] } {
  return error instanceof Error && error.name === 'SettingsError' && 'problems' in error;
}

/** Rooms throw plain errors with a sentence for the operator; anything else is a bug, and its stack is what helps. */
function isForeseen(error: unknown): error is Error {
  return error instanceof Error && ['Error', 'CommandFailed', 'StoreUnavailable'].includes(error.name);
}

function unforeseen(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
