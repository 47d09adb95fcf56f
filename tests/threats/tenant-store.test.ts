import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { openStore } from '../../src/store/index.ts';
import { temporaryDatabase } from '../harness/index.ts';

describe('T-TEN-08 nothing is asked of the store without a directory', () => {
  test.each([undefined, null, '', 0, false, {}, []])('%j is no directory: nothing runs', async (nothing) => {
    const { env, remove } = temporaryDatabase();
    const store = await openStore({ url: env.DATABASE_URL });
    const directory = nothing as unknown as string;
    let ran = false;
    try {
      expect(() => store.reader(directory)).toThrow('a directory is needed');
      await expect(
        store.write(directory, async () => {
          ran = true;
        }),
      ).rejects.toThrow('a directory is needed');
      await expect(store.snapshot(directory)).rejects.toThrow('a directory is needed');
      await expect(store.changesAfter(directory, 0, 10)).rejects.toThrow('a directory is needed');
      await expect(store.failures(directory)).rejects.toThrow('a directory is needed');
      expect(ran).toBe(false);
    } finally {
      await store.close();
      remove();
    }
  });

  test('every statement on a table of directories says which', () => {
    const store = fileURLToPath(new URL('../../src/store', import.meta.url));
    const tables = ['resources', 'keys', 'memberships', 'totals', 'blocks', 'changes', 'histories', 'failures'];
    const found = new Set<string>();
    const wrong: string[] = [];
    for (const file of readdirSync(store, { recursive: true, encoding: 'utf8' })) {
      if (!file.endsWith('.ts') || file.startsWith('migrations')) continue;
      for (const statement of statementsIn(readFileSync(join(store, file), 'utf8'))) {
        const named = tables.filter((table) =>
          new RegExp(`\\b(?:FROM|JOIN|INTO|UPDATE|TABLE)\\s+${table}\\b`).test(statement),
        );
        for (const table of named) found.add(table);
        if (named.length === 0 || saysDirectory(statement)) continue;
        wrong.push(`${file}: ${statement.replaceAll(/\s+/g, ' ').slice(0, 200)}`);
      }
    }
    expect(wrong).toEqual([]);
    expect([...found].sort()).toEqual(tables.sort());
  });

  /** Literals that hold SQL; what is composed of them is looked at where it begins with its verb. */
  function statementsIn(source: string): string[] {
    return [...source.matchAll(/`([^`]*)`|'((?:[^'\\\n]|\\.)*)'/g)]
      .map((match) => match[1] ?? match[2] ?? '')
      .filter((text) => /^\s*(?:SELECT|INSERT|UPDATE|DELETE|WITH|REPLACE)\b/.test(text));
  }

  function saysDirectory(statement: string): boolean {
    return /\bdirectory\s*=\s*(?:\?|[a-z])/i.test(statement) || /\(\s*directory\s*,/.test(statement);
  }
});
