import { type Command, InvalidArgumentError } from 'commander';
import type { App, SeatsShown } from '../app.ts';
import { CommandFailed, EXIT } from './failure.ts';
import { withInstance } from './instance.ts';
import { example } from './invocation.ts';
import { withPlace } from './place.ts';

interface Where {
  readonly organization: string;
  readonly application: string | undefined;
}

/** `joinery seats show|set`: how many users a directory may have. */
export function addSeats(program: Command): void {
  const seats = program.command('seats').description('how many users a directory may have').helpCommand(false);
  withPlace(seats.command('show').description('show how many seats are taken, and how many there are'))
    .option('--json', 'print {"organization","application","used","limit","reserve","counts"} and nothing else')
    .addHelpText('after', example('seats show --organization acme'))
    .action(show);
  withPlace(seats.command('set').description('set the number of seats: servers that run follow within five seconds'))
    .option('--limit <number>', 'of seats; "none" for as many as come', readLimit)
    .option('--reserve <number>', 'so many of them are not for identity providers', readNumber)
    .addHelpText('after', example('seats set --organization acme --limit 500 --reserve 5'))
    .action(set);
}

function show({ json, organization, application }: Where & { json?: boolean }): Promise<void> {
  return withInstance(async ({ app }) => {
    const { kind: _, ...shown } = await found(app, { organization, application });
    console.log(json ? JSON.stringify({ ...shown, limit: shown.limit ?? null }) : sentence(shown));
  });
}

function set({ limit, reserve, organization, application }: Where & { limit?: number | 'none'; reserve?: number }) {
  if (limit === undefined && reserve === undefined) {
    throw new CommandFailed('say what is to be set: --limit <number>, --reserve <number>.', EXIT.usage);
  }
  return withInstance(async ({ app }) => {
    const place = { organization, application };
    const altered = await app.policies.assign(place, [
      ...(limit === undefined ? [] : [{ key: 'seats.limit', value: limit === 'none' ? null : limit }]),
      ...(reserve === undefined ? [] : [{ key: 'seats.reserve', value: reserve }]),
    ]);
    if (altered.kind === 'refused') throw new CommandFailed(altered.detail);
    const { used, limit: seats, reserve: kept, ...shown } = await found(app, place);
    console.log(sentence({ used, limit: seats, reserve: kept, ...shown }));
    if (seats !== undefined && used > seats) {
      console.log('More are taken than there are: nobody loses theirs, and nobody new gets one until there are fewer.');
    }
  });
}

async function found(app: App, place: Where): Promise<SeatsShown> {
  const shown = await app.seats.show(place);
  if (shown.kind === 'refused') throw new CommandFailed(shown.detail);
  return shown;
}

/** `acme has taken 12 of 500 seats in app; 5 are not for identity providers. Active users take one.` */
function sentence({ organization, application, used, limit, reserve, counts }: Omit<SeatsShown, 'kind'>): string {
  const taken = limit === undefined ? `${used} ${used === 1 ? 'seat' : 'seats'}` : `${used} of ${limit} seats`;
  const kept = reserve === 0 ? '' : `; ${reserve} ${reserve === 1 ? 'is' : 'are'} not for identity providers`;
  const end = limit === undefined ? ', and may take as many as come' : kept;
  return `${organization} has taken ${taken} in ${application}${end}. ${counts === 'all' ? 'All users take one, the inactive too.' : 'Active users take one.'}`;
}

/** commander takes null for nothing. */
function readLimit(text: string): number | 'none' {
  return text === 'none' ? text : readNumber(text);
}

function readNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('Expected a whole number from 0 on.');
  return Number(text);
}
