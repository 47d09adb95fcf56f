import type { UserShown } from '../app.ts';
import { CommandFailed } from './failure.ts';
import { withInstance } from './instance.ts';
import { printable, shownTime } from './printable.ts';

interface Options {
  readonly organization: string;
  readonly application?: string;
  readonly user: string;
  readonly json?: boolean;
}

type Shown = Extract<UserShown, { kind: 'shown' }>;

export function show({ organization, application, user, json }: Options): Promise<void> {
  return withInstance(async ({ app }) => {
    const shown = await app.users.show({ organization, application }, user);
    if (shown.kind === 'refused') throw new CommandFailed(shown.detail);
    const { kind: _, ...told } = shown;
    console.log(json ? JSON.stringify({ ...told, hold: told.hold ?? null }) : linesOf(shown).join('\n'));
  });
}

function linesOf({ resource, record, owner, groups, roles, hold }: Shown): string[] {
  const lines: [string, string][] = [
    ['user', String(resource.userName)],
    ['id', record.id],
    ['active', record.active ? 'yes' : 'no'],
    ['managed by', owner === 'provider' ? 'the identity provider' : 'nobody but the application itself'],
    ['roles', roles.length === 0 ? 'none' : roles.map(roleLine).join('; ')],
    ['groups', groups.length === 0 ? 'none' : groups.map(({ display }) => display).join(', ')],
    ['created', shownTime(record.created)],
    ['changed', `${shownTime(record.modified)}, version ${record.version}`],
  ];
  if (hold !== undefined)
    lines.push(['held', `${hold.work.kind}, ${hold.state}, since ${shownTime(hold.first)} (${hold.id})`]);
  const width = Math.max(...lines.map(([name]) => name.length));
  // JSON escapes what moves the cursor, but not what turns the direction.
  const attributes = JSON.stringify(resource, undefined, 2).split('\n').map(printable);
  return [...lines.map(([name, value]) => `${name.padEnd(width)}  ${printable(value)}`), '', ...attributes];
}

function roleLine({ role, from }: Shown['roles'][number]): string {
  return `${role} (${from.map(sourceOf).join(', ')})`;
}

function sourceOf(source: Shown['roles'][number]['from'][number]): string {
  switch (source.kind) {
    case 'asserted':
      return 'of the user itself';
    case 'group':
      return `by the group ${source.name}`;
    case 'default':
      return 'what everybody has to whom nothing gives a role';
  }
}
