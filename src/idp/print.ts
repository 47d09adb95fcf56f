import type { Exchange } from './client.ts';
import { type Json, member } from './json.ts';
import { differenceSentence, failureSentence } from './ledger.ts';
import type { OperationTiming, Report, StepResult } from './report.ts';

type Print = (line: string) => void;

interface Opening {
  readonly provider: string;
  readonly run: string;
  readonly flavour: string;
  readonly users: number;
}

export function printOpening(
  { baseUrl, print }: { baseUrl: string; print: Print },
  { provider, run, flavour, users }: Opening,
): void {
  print(`A simulated ${provider} (${flavour}) provisions ${users} people and 5 groups into ${baseUrl}`);
  print(`Everything it makes has "${run}" in its name.`);
  print('');
}

/** `✓ Edit profiles                  12 profiles changed in nine places each · 41 ms`, and what was wrong below it. */
export function printStep(print: Print, { title, summary, ms, failures, differences }: StepResult): void {
  const complaints = [
    ...alike(failures, ({ message }) => message).map(([first, more]) => failureSentence(first) + andMore(more)),
    ...alike(differences, ({ attribute }) => attribute).map(
      ([first, more]) => differenceSentence(first) + andMore(more),
    ),
  ];
  const told = complaints.length === 0 ? summary : tally(failures.length, differences.length);
  print(`${complaints.length === 0 ? '✓' : '✗'} ${title.padEnd(WIDTH)} ${told} · ${duration(ms)}`);
  for (const complaint of complaints.slice(0, SHOWN)) print(`    ${complaint}`);
  if (complaints.length > SHOWN) print(`    … and ${complaints.length - SHOWN} other kinds of complaint.`);
}

function tally(failures: number, differences: number): string {
  return `${failures} ${failures === 1 ? 'failure' : 'failures'}, ${differences} ${differences === 1 ? 'difference' : 'differences'}`;
}

const WIDTH = 48;
const SHOWN = 8;

/** The first of each kind, and how many more there are of it. */
function alike<Item>(items: readonly Item[], kind: (item: Item) => string): [Item, number][] {
  return [...Map.groupBy(items, kind).values()].map((group) => [group[0] as Item, group.length - 1]);
}

function andMore(more: number): string {
  return more === 0 ? '' : ` (and ${more} more like it)`;
}

export function printClosing(print: Print, report: Report): void {
  print('');
  printOperations(print, report.operations);
  print('');
  const { calls, failures, differences, ms } = report;
  print(`${calls} calls in ${duration(ms)}, ${tally(failures.length, differences.length)}.`);
  print(report.exitCode === 0 ? '✓ Both sides agree.' : '✗ The two sides do not agree.');
}

export function printOperations(print: Print, operations: readonly OperationTiming[]): void {
  print(`${'Operation'.padEnd(16)}${'calls'.padStart(8)}${'p50'.padStart(11)}${'p99'.padStart(11)}`);
  for (const { operation, calls, p50, p99 } of operations) {
    print(operation.padEnd(16) + String(calls).padStart(8) + duration(p50).padStart(11) + duration(p99).padStart(11));
  }
}

/** `      PATCH /Users/2819c223 → 204 · 3 ms`, then the bodies, shortened. */
export function printCall(print: Print, { request, target, status, text, ms, problem }: Exchange, token: string): void {
  const safe = (line: string): string => line.replaceAll(token, '•••');
  print(
    safe(`      ${request.method} ${target} → ${status === 0 ? (problem ?? 'nothing') : status} · ${duration(ms)}`),
  );
  if (request.body !== undefined)
    print(`        sent ${shortened(safe(JSON.stringify(request.body, withoutPassword)))}`);
  if (text !== '') print(`        got  ${shortened(safe(text))}`);
}

function withoutPassword(this: Json, name: string, value: Json): Json {
  return name === 'password' && member(this, name) !== undefined ? '•••' : value;
}

function shortened(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length > 300 ? `${line.slice(0, 300)}… (${text.length} characters)` : line;
}

export function duration(ms: number): string {
  if (ms < 10) return `${ms.toFixed(1)} ms`;
  return ms < 10_000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}
