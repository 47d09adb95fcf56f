import type { Command } from 'commander';

/** A directory, as commands name it. */
export interface Place {
  readonly organization: string;
  readonly application?: string;
}

export function placed(command: Command): Command {
  return command
    .requiredOption('--organization <slug>', 'whose')
    .option('--application <name>', 'in which application (default: the only one)');
}
