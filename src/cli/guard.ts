import type { Command } from 'commander';
import type { App } from '../app.ts';
import { readDuration } from './duration.ts';
import { CommandFailed } from './failure.ts';
import { withInstance } from './instance.ts';
import { example, INVOCATION } from './invocation.ts';
import { withPlace } from './place.ts';

type GuardAnswer = Awaited<ReturnType<App['guard']['show']>>;

interface WhichDirectory {
  readonly organization: string;
  readonly application: string | undefined;
  readonly json?: boolean;
}

/** `joinery guard show|lift|snooze`: what stops a mass deprovisioning. */
export function addGuard(program: Command): void {
  const guard = program
    .command('guard')
    .description('what holds deprovisionings of a directory when there are too many at once')
    .helpCommand(false);
  withPlace(guard.command('show').description('show its rule, and how much of it is used'))
    .option('--json', 'print it as JSON and nothing else')
    .addHelpText('after', example('guard show --organization acme'))
    .action((options: WhichDirectory) => run(options, (app) => app.guard.show(options)));
  withPlace(guard.command('lift').description('count from now: what was deprovisioned before counts no more'))
    .addHelpText('after', example('guard lift --organization acme'))
    .action((options: WhichDirectory) => run(options, (app) => app.guard.lift(options)));
  withPlace(guard.command('snooze').description('hold nothing for a while'))
    .option('--for <time>', '15m, 2h, 1d', readDuration)
    .option('--off', 'hold again from now on')
    .addHelpText('after', example('guard snooze --organization acme --for 1h'))
    .action((options: WhichDirectory & { for?: number; off?: boolean }) => {
      const { for: milliseconds, off } = options;
      if ((milliseconds === undefined) === (off === undefined)) {
        throw new CommandFailed('Say for how long (--for 1h), or --off.', 2);
      }
      return run(options, (app) => app.guard.snooze(options, milliseconds ?? 0));
    });
}

function run(options: WhichDirectory, work: (app: App) => Promise<GuardAnswer>): Promise<void> {
  return withInstance(async ({ app }) => {
    const answer = await work(app);
    if (answer.kind === 'refused') throw new CommandFailed(answer.detail);
    const { kind: _, ...shown } = answer;
    console.log(options.json ? JSON.stringify(shown) : linesOf(answer).join('\n'));
  });
}

function linesOf(shown: Extract<GuardAnswer, { kind: 'shown' }>): string[] {
  const { organization, application, rule, state, users, memberships, usersLimit, open } = shown;
  const held = `${open} held${open === 0 ? '' : `: ${INVOCATION} holds list --organization ${organization}`}`;
  if (rule === undefined) return [`The directory of ${organization} in ${application} has no guard.`, held];
  const window = `within ${minutes(rule.windowSeconds)}`;
  const lines = [
    `The directory of ${organization} in ${application}:`,
    `  users        ${users} of ${usersLimit} deactivated or removed ${window}; what is more is held`,
    `               (${rule.users} users or ${rule.percent} % of the active ones, whichever is more)`,
    rule.memberships === undefined
      ? '  memberships  not counted'
      : `  memberships  ${memberships} of ${rule.memberships} taken away ${window}; what is more is held`,
  ];
  if (state.since !== undefined) lines.push(`  lifted       counts since ${state.since}`);
  if (state.snoozedUntil !== undefined && state.snoozedUntil > new Date().toISOString()) {
    lines.push(`  snoozed      nothing is held until ${state.snoozedUntil}`);
  }
  return [...lines, `  open         ${held}`];
}

function minutes(seconds: number): string {
  return seconds % 3600 === 0 ? `${seconds / 3600} h` : seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`;
}
