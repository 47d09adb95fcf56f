import { readFileSync, writeFileSync } from 'node:fs';
import type { Asked, Place } from './place.ts';

/** Requests that were answered wrongly once, or are easily; what is there when they are asked stands as `{user}`. */
export interface Kept {
  readonly name: string;
  readonly asked: Asked;
}

const FILE = new URL('../corpus/calls.json', import.meta.url);

export function keptCalls(): readonly Kept[] {
  return JSON.parse(readFileSync(FILE, 'utf8')) as Kept[];
}

/** Adds what is not in it. */
export function keepCalls(found: readonly Kept[]): void {
  const all = new Map([...keptCalls(), ...found].map((kept) => [JSON.stringify(kept.asked), kept]));
  writeFileSync(FILE, `${JSON.stringify([...all.values()], null, 2)}\n`);
}

export function withNames(asked: Asked, { known }: Place): Asked {
  const { user, group, cursor } = known[asked.application];
  return rewritten(asked, (text) =>
    text.replaceAll(user, '{user}').replaceAll(group, '{group}').replaceAll(cursor, '{cursor}'),
  );
}

export function withIds(asked: Asked, { known }: Place): Asked {
  const { user, group, cursor } = known[asked.application];
  return rewritten(asked, (text) =>
    text.replaceAll('{user}', user).replaceAll('{group}', group).replaceAll('{cursor}', cursor),
  );
}

function rewritten(asked: Asked, rewrite: (text: string) => string): Asked {
  const { path, query, body } = asked;
  return {
    ...asked,
    path: rewrite(path),
    ...(query === undefined ? {} : { query: rewrite(query) }),
    ...(body === undefined ? {} : { body: rewrite(body) }),
  };
}
