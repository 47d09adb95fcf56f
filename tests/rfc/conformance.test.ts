import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { PAGES } from '../../scripts/pages/index.ts';
import { ALWAYS } from './always.ts';
import { CASES, COVERAGE, decisionOf, elsewhereOf, isOpen, REASONS, reasonsOf, standingOf } from './coverage.ts';
import { OPEN } from './open.ts';
import { REQUIREMENTS } from './requirements.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const written = [...REQUIREMENTS.values()].filter((each) => !isOpen(each));

test.each(PAGES)('$path is what `npm run generate` writes', ({ path, write }) => {
  // Not compared by `toBe`, which would print both pages.
  const isFresh = existsSync(`${root}${path}`) && readFileSync(`${root}${path}`, 'utf8') === write();
  expect(isFresh, `${path} is stale: npm run generate`).toBe(true);
});

test('all 638 requirements are here, each under its section', () => {
  expect(REQUIREMENTS.size).toBe(638);
});

describe('what is said of a requirement', () => {
  test('each has a test, waits for a named part, or does not apply, with the reason', () => {
    expect(written.filter((each) => standingOf(each).kind === 'open').map(({ id }) => id)).toEqual([]);
  });

  test('each decision has its sentence', () => {
    const missing = written.filter((each) => each.level === 'D' && decisionOf(each) === undefined);
    expect(missing.map(({ id }) => id)).toEqual([]);
  });

  test('reasons and decisions are sentences', () => {
    for (const { decided = {}, notApplicable = {} } of COVERAGE.values()) {
      for (const text of [...Object.values(decided), ...Object.values(notApplicable)]) {
        expect(text).toMatch(/^\S.{20,}\.$/s);
      }
    }
  });

  test('nothing that is tested also waits, or does not apply', () => {
    for (const { waits = {}, notApplicable = {} } of COVERAGE.values()) {
      for (const id of [...Object.keys(waits), ...Object.keys(notApplicable)]) {
        const requirement = REQUIREMENTS.get(id);
        expect(requirement && standingOf(requirement).kind, id).not.toBe('tested');
      }
    }
  });

  test('no section is without its cases any more', { fails: OPEN.length > 0 }, () => {
    expect(OPEN).toEqual([]);
  });
});

describe('what a case says', () => {
  test('its ids are requirements', () => {
    const named = [
      ...CASES.flatMap(({ ids }) => ids),
      ...ALWAYS.flatMap(({ ids }) => ids),
      ...[...COVERAGE.values()].flatMap(({ elsewhere = {}, decided = {}, waits = {}, notApplicable = {} }) =>
        [elsewhere, decided, waits, notApplicable].flatMap((each) => Object.keys(each)),
      ),
    ];
    expect(named.filter((id) => !REQUIREMENTS.has(id))).toEqual([]);
    expect(CASES.filter(({ ids }) => ids.length === 0)).toEqual([]);
  });

  test('it has a name of its own, and asks something', () => {
    const names = CASES.map(({ ids, title }) => `${ids.join(' ')} ${title}`);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
    const idle = CASES.filter((each) => {
      const asks = each.request !== undefined && each.expect !== undefined;
      return !asks && each.afterwards === undefined && each.run === undefined;
    });
    expect(idle.map(({ title }) => title)).toEqual([]);
  });

  test('the default differs only by tolerances and rewrites that exist', () => {
    expect(CASES.flatMap(reasonsOf).filter((name) => !REASONS.has(name))).toEqual([]);
  });

  test('a test elsewhere is there', () => {
    for (const id of REQUIREMENTS.keys()) {
      for (const { file, test: name } of elsewhereOf(id)) {
        expect(existsSync(`${root}${file}`), `${id}: ${file}`).toBe(true);
        if (name !== undefined) expect(readFileSync(`${root}${file}`, 'utf8'), `${id}: ${file}`).toContain(name);
        else expect(file, `${id}: the test in it`).toMatch(/\.json$/);
      }
    }
  });

  test('nothing is known to be wrong', { fails: CASES.some(({ bug }) => bug !== undefined) && OPEN.length > 0 }, () => {
    expect(CASES.filter(({ bug }) => bug !== undefined).map(({ title }) => title)).toEqual([]);
  });
});
