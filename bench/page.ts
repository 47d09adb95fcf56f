import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Table } from './tables.ts';

const FILE = fileURLToPath(new URL('../docs/reference/performance.md', import.meta.url));

const INTRODUCTION = `# How fast it is

Written by \`npm run bench\`. The built package on SQLite (\`synchronous=FULL\`) and on PostgreSQL (over a unix socket, fsync on)
answers what identity providers send, in rounds in which it takes turns with three references on the same machine:

- **bare**: a \`node:http\` server that answers each request with the same bytes, told beforehand
  ([bench/bare.ts](../../bench/bare.ts));
- **floor**: the least that a durable SCIM-shaped server can be, by hand, without SCIM's rules and without history
  ([bench/floor.ts](../../bench/floor.ts));
- **floor with history**: the floor, and what a directory must write besides: a row of history for each change, the keys of
  externalId and e-mail, counts, a savepoint, two look-ups before each write, and the groups of each user that is shown
  ([bench/floor-with-history.ts](../../bench/floor-with-history.ts)).

Shares are of requests a second, compared within each round; figures are medians over the rounds. The same number of people
are asked for in every directory, spread over all of it, and before each visit what it reads is brought into memory. The load
runs on the same processors: where the bare server is not busy all the time (the last column of the references), the load is
what limits it, and shares of it are too kind; “by CPU” compares what each request costs the server instead: on PostgreSQL
Joinery's own process, without those of PostgreSQL. A start is one after a first, which leaves its compiled code in the cache.
Absolute figures mean little on another machine. The status of every answer was checked, and that it is of whom was asked for.
`;

export function writePage(about: string, tables: readonly Table[]): void {
  const sections = tables.map((one) => `## ${one.title}\n\n${markdown(one)}\n`);
  writeFileSync(FILE, [INTRODUCTION, `${about}\n`, ...sections].join('\n'));
}

function markdown({ head, rows, words }: Table): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map((_, column) => (column === 0 || words ? '---' : '---:'))), ...rows.map(line)].join(
    '\n',
  );
}
