import { describe, expect, test } from 'vitest';
import { STORIES } from './systems/index.ts';
import { lengthOf, PROMISES, SILENT } from './systems/promises.ts';
import { GUIDES } from './systems/story.ts';

const held = new Set<string>(STORIES.flatMap(({ steps }) => steps.flatMap(({ holds }) => holds)));

describe.each(GUIDES)('%s', (guide) => {
  const own = PROMISES.filter(({ line }) => line.startsWith(`${guide}.md:`));

  test('each line that promises something has a step, or names the later part that brings it', () => {
    expect(own.length).toBeGreaterThan(0);
    const open = own.filter(({ line, later }) => later === undefined && !held.has(line));
    expect(open.map(({ line, promise }) => `${line} ${promise}`)).toEqual([]);
  });

  test('nothing is said twice of a line, and nothing of a line that is not there', () => {
    const promised = own.map(({ line }) => Number(line.split(':')[1]));
    const silent = SILENT.filter((each) => each.guide === guide).flatMap(({ from, to }) =>
      Array.from({ length: to - from + 1 }, (_, at) => from + at),
    );
    const said = [...promised, ...silent];
    expect(said.filter((line, at) => said.indexOf(line) !== at)).toEqual([]);
    expect(said.filter((line) => line < 1 || line > lengthOf(guide))).toEqual([]);
  });
});

test('a step holds lines that promise something', () => {
  const promised = new Set<string>(PROMISES.map(({ line }) => line));
  expect([...held].filter((line) => !promised.has(line))).toEqual([]);
});

test('steps have names of their own within a story', () => {
  for (const { steps } of STORIES) expect(new Set(steps.map(({ title }) => title)).size).toBe(steps.length);
});
