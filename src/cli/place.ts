import type { Command } from 'commander';

/** A directory, as commands name it. */
export interface Place {
  readonly organization: string;
  readonly application?: string;
}

/** Which directory is meant. */
export function withPlace(command: Command): Command {
  return command
    .requiredOption('--organization <slug>', 'whose directory')
    .option('--application <name>', 'in which application (default: the only one)');
}
