import { STORIES } from '../../tests/stories/systems/index.ts';
import { PARTS, PROMISES, type Promised, SILENT, type SilentLines } from '../../tests/stories/systems/promises.ts';
import { GUIDES, type Guide, type Line, type Story } from '../../tests/stories/systems/story.ts';
import { table } from './table.ts';

const TITLES: Readonly<Record<Guide, string>> = {
  sparkpost: 'SparkPost',
  oktopost: 'Oktopost',
  spotdraft: 'SpotDraft',
  spotinst: 'Spotinst',
};

export function systemsPage(): string {
  return `# Five systems, and what their guides promise

Written by \`npm run generate\` from \`tests/stories/systems\`. Four vendors tell their customers' Okta administrators, in guides of
their own, what provisioning does. Each of these products is a configuration of Joinery, and each line of a guide that promises
something is held by a step of a story: a server with that configuration, the command line beside it, and a simulated Okta.

    npm run story -- ${[...STORIES.map(({ name }) => name), 'all'].join(' | ')}

${table(['system', 'configuration', 'story', 'steps', 'lines of its guide that they hold'], STORIES.map(systemRow))}

Lines that need a page, single sign-on or OAuth wait for them. They come with *Who may come in*:

${table(['part', 'is', 'lines that wait for it, or for the rest of it'], Object.entries(PARTS).map(partRow))}

${GUIDES.map(guideSection).join('\n\n')}

## What none of the guides has

${table(['system', 'step'], STORIES.flatMap(extraRows))}
`;
}

function systemRow({ name, title, example, steps }: Story): (string | number)[] {
  const held = new Set(steps.flatMap(({ holds }) => holds));
  return [title, `[${example}](../../examples/${example}/joinery.config.ts)`, storyLink(name), steps.length, held.size];
}

function storyLink(name: string): string {
  return `[${name}](../../tests/stories/systems/${name}.ts)`;
}

function partRow([part, text]: readonly [string, string]): string[] {
  const waiting = PROMISES.filter(({ later }) => later === part);
  return [part, text, waiting.map(({ line }) => line).join(' ')];
}

function guideSection(guide: Guide): string {
  const promises = PROMISES.filter(({ line }) => line.startsWith(`${guide}.md:`));
  const silent = SILENT.filter((each) => each.guide === guide);
  return `## ${TITLES[guide]}

${table(['line', 'promises', 'held by'], promises.map(promiseRow))}

Nothing can be asked of the other lines: ${silentText(silent)}.`;
}

function promiseRow({ line, promise, later }: Promised): string[] {
  const steps = stepsOf(line).map(({ story, title }) => `${storyLink(story)} › ${title}`);
  const rest = later === undefined ? [] : [`${steps.length === 0 ? 'waits for' : 'the rest waits for'}: ${later}`];
  return [line, promise, [...steps, ...rest].join('<br>')];
}

function stepsOf(line: Line): { readonly story: string; readonly title: string }[] {
  return STORIES.flatMap(({ name, steps }) =>
    steps.filter(({ holds }) => holds.includes(line)).map(({ title }) => ({ story: name, title })),
  );
}

/** `titles (1–7, 13)`. */
function silentText(lines: readonly SilentLines[]): string {
  return [...Map.groupBy(lines, ({ because }) => because)]
    .map(
      ([because, own]) =>
        `${because} (${own.map(({ from, to }) => (from === to ? from : `${from}–${to}`)).join(', ')})`,
    )
    .join('; ');
}

function extraRows({ name, steps }: Story): string[][] {
  return steps.filter(({ holds }) => holds.length === 0).map(({ title }) => [storyLink(name), title]);
}
