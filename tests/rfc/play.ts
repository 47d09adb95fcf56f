import { expect } from 'vitest';
import { differences } from '../wire/differences.ts';
import type { WireReply } from '../wire/exchange.ts';
import { fill, type Known } from '../wire/fill.ts';
import { ALWAYS } from './always.ts';
import type { Case, Expected, Sent, Step } from './case.ts';
import type { World } from './world.ts';

/** Plays a case in a directory of its own; throws where an answer is not what it says. */
export async function play(given: Case, world: World): Promise<void> {
  const known = new Map<string, unknown>([
    ['token', world.token],
    ['base', world.baseUrl],
    ['parent', world.baseUrl.replace(/\/v2$/, '')],
    ['basic', Buffer.from(`okta:${world.token}`).toString('base64')],
  ]);
  for (const { as, ...sent } of given.given ?? []) {
    const { reply } = await ask(sent, world, known);
    expect(reply.status, `given ${sent.method} ${sent.path}: ${reply.text}`).toBeLessThan(300);
    if (as !== undefined) known.set(as, JSON.parse(reply.text));
  }
  const { request, expect: expected, ...rest } = given;
  const first = request === undefined || expected === undefined ? [] : [{ ...rest, request, expect: expected }];
  const playing = { known, seen: new Map<string, object>() };
  for (const step of [...first, ...(given.afterwards ?? [])]) await take(step, world, playing);
  await given.run?.(world);
}

interface Playing {
  readonly known: Map<string, unknown>;
  /** What paths answered since the last write. */
  readonly seen: Map<string, object>;
}

async function take(step: Step, world: World, { known, seen }: Playing): Promise<void> {
  const wanted = world.mode === 'default' && step.default !== undefined ? step.default.expect : step.expect;
  const watched = [...(step.unchanged ?? []), ...(mustLeaveNothing(step.request, wanted) ? EVERYTHING : [])];
  const before = await look(watched, world, { known, seen });
  const { sent, reply } = await ask(step.request, world, known);
  const found = [
    ...mismatches(fill(wanted, known) as Expected, reply),
    ...ALWAYS.flatMap(({ check }) => check({ world, sent, reply })),
  ];
  if (found.length > 0) {
    const what = found.map((each) => `\n  ${each}`).join('');
    throw new Error(`${sent.method} ${sent.path}${what}\n→ ${reply.status} ${reply.text.slice(0, 4000)}`);
  }
  if (!READS.includes(sent.method)) seen.clear();
  expect(await look(watched, world, { known, seen }), `after ${sent.method} ${sent.path}`).toEqual(before);
  if (reply.text.startsWith('{')) known.set(step.as ?? 'reply', JSON.parse(reply.text));
}

const EVERYTHING = ['/Users?count=200', '/Groups?count=200'];
const READS = ['GET', 'HEAD', 'OPTIONS'];

function mustLeaveNothing({ method }: Sent, { status }: Expected): boolean {
  return !READS.includes(method) && [status].flat().every((each) => each >= 400);
}

async function look(paths: readonly string[], world: World, { known, seen }: Playing): Promise<unknown[]> {
  const found: unknown[] = [];
  for (const path of paths) {
    const one = seen.get(path) ?? (await lookAt(path, world, known));
    seen.set(path, one);
    found.push(one);
  }
  return found;
}

async function lookAt(path: string, world: World, known: Known): Promise<object> {
  const { reply } = await ask({ method: 'GET', path }, world, known);
  return { path, status: reply.status, etag: reply.headers.etag, text: reply.text };
}

async function ask(request: Sent, world: World, known: Known): Promise<{ sent: Sent; reply: WireReply }> {
  const sent = fill(request, known) as Sent;
  return { sent, reply: await world.send(sent) };
}

function mismatches({ status, headers = {}, body, exactly, absent = [] }: Expected, reply: WireReply): string[] {
  const statuses = [status].flat();
  const json: unknown = reply.text === '' ? {} : JSON.parse(reply.text);
  return [
    ...(statuses.includes(reply.status) ? [] : [`status: expected ${statuses.join(' or ')}, got ${reply.status}`]),
    ...Object.entries(headers).flatMap(([name, value]) => differences(value, reply.headers[name], name)),
    ...(body === '' ? differences('', reply.text) : differences(body ?? {}, json)),
    ...(exactly === undefined ? [] : [...differences(exactly, json), ...surplus(exactly, json)]),
    ...absent.flatMap((name) => differences('{{absent}}', (json as Record<string, unknown>)[name], name)),
  ];
}

/** What stands in `actual` at a name that `expected` does not have. */
function surplus(expected: unknown, actual: unknown, at = 'body'): string[] {
  if (typeof expected !== 'object' || typeof actual !== 'object' || expected === null || actual === null) return [];
  if (expected instanceof RegExp) return [];
  return Object.entries(actual).flatMap(([key, value]) =>
    Object.hasOwn(expected, key)
      ? surplus((expected as Record<string, unknown>)[key], value, `${at}.${key}`)
      : [`${at}.${key}: expected nothing, got ${JSON.stringify(value)}`],
  );
}
