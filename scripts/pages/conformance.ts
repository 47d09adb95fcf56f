import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { REWRITES } from '../../src/dialects/index.ts';
import { TOLERANT } from '../../src/scim/index.ts';
import { PARTS } from '../../tests/rfc/case.ts';
import { CASES, decisionOf, type Standing, standingOf, type TestName } from '../../tests/rfc/coverage.ts';
import { type Level, REQUIREMENTS, type Requirement, SECTIONS } from '../../tests/rfc/requirements.ts';
import { table } from './table.ts';

const LEVELS: Readonly<Record<Level, string>> = {
  M: 'M: MUST, SHALL, REQUIRED',
  S: 'S: SHOULD, RECOMMENDED',
  O: 'O: MAY, OPTIONAL',
  D: 'D: the RFCs are silent or disagree; decided here',
};

const STATES: readonly { readonly name: string; readonly is: (standing: Standing) => boolean }[] = [
  {
    name: 'tested, the same in `strict` and by default',
    is: (it) => it.kind === 'tested' && it.differsBy.length === 0,
  },
  { name: 'tested, the default differs', is: (it) => it.kind === 'tested' && it.differsBy.length > 0 },
  { name: 'waits for a later part', is: (it) => it.kind === 'waits' },
  { name: 'does not apply', is: (it) => it.kind === 'does not apply' },
  { name: 'not written yet', is: (it) => it.kind === 'open' },
];

export function conformancePage(): string {
  return `# What the standards ask, and which test holds it

Written by \`npm run generate\` from \`tests/rfc\`. Each line is one requirement of RFC 7643 (C§), RFC 7644 (P§, its tables T8 and T9),
RFC 9865 and what they lean on. A case runs twice: on an application that is \`strict\` (the pure standard) and on a default one,
which differs by the named tolerances and rewrites below and by nothing else.

${summary()}
${bugs()}
## By what the default differs

A *tolerance* is asked where stored state counts (\`src/scim/request.ts\`), a *rewrite* changes what was sent before the engine
reads it (\`src/dialects/\`; [what identity providers send](quirks.md) has who sends what).

${table(['name', 'is a', 'does', 'seen in'], differences())}

## Later parts

${table(['part', 'is', 'requirements that wait for it'], parts())}

${SECTIONS.map(
  ({ section, title, items }) => `## ${section} ${title}

${table(['ID', '', 'requirement', 'held by'], items.map(rowOf))}
`,
).join('\n')}`;
}

function summary(): string {
  const all = [...REQUIREMENTS.values()];
  const rows = (Object.keys(LEVELS) as Level[]).map((level) => {
    const standings = all.filter((each) => each.level === level).map(standingOf);
    return [LEVELS[level], standings.length, ...STATES.map(({ is }) => standings.filter(is).length)];
  });
  const total = ['all', all.length, ...STATES.map(({ is }) => all.map(standingOf).filter(is).length)];
  return `${table(['level', 'requirements', ...STATES.map(({ name }) => name)], [...rows, total])}

${required()} ${CASES.length} cases, each played on a strict and on a default directory.
`;
}

/** Of the 433 [M]: … */
function required(): string {
  const standings = [...REQUIREMENTS.values()].filter(({ level }) => level === 'M').map(standingOf);
  const count = (kind: Standing['kind']): number => standings.filter((each) => each.kind === kind).length;
  const held = count('tested') + count('waits');
  const share = Math.floor((1000 * held) / (standings.length - count('does not apply'))) / 10;
  return `Of the ${standings.length} [M], ${count('tested')} are tested, ${count('waits')} wait for a named later part and ${count('does not apply')} cannot apply here: ${share} % of those that apply are tested or wait.`;
}

function bugs(): string {
  const found = CASES.filter(({ bug }) => bug !== undefined);
  if (found.length === 0) return '';
  return `
## Known to be wrong

${found.map(({ ids, title, bug }) => `- ${ids.join(' ')} ${title}: ${typeof bug === 'string' ? bug : JSON.stringify(bug)}`).join('\n')}
`;
}

function differences(): string[][] {
  const seenIn = (name: string) =>
    [...REQUIREMENTS.values()]
      .filter((each) => {
        const standing = standingOf(each);
        return standing.kind === 'tested' && standing.differsBy.includes(name);
      })
      .map(({ id }) => id)
      .join(' ');
  return [
    ...Object.keys(TOLERANT).map((name) => [`\`${name}\``, 'tolerance', toleranceText(name), seenIn(name)]),
    ...REWRITES.map(({ name, sentBy }) => [
      `[\`${name}\`](../../src/dialects/${name}.ts)`,
      'rewrite',
      `for ${sentBy}`,
      seenIn(name),
    ]),
  ];
}

/** The sentence that stands over it where it is declared. */
function toleranceText(name: string): string {
  const found = new RegExp(`/\\*\\* ([^\\n]*) \\*/\\n  readonly ${name}: boolean`).exec(REQUEST_SOURCE)?.[1];
  if (found === undefined) throw new Error(`src/scim/request.ts says nothing of the tolerance ${name} in one line`);
  return found;
}

const REQUEST_SOURCE = readFileSync(fileURLToPath(new URL('../../src/scim/request.ts', import.meta.url)), 'utf8');

function parts(): string[][] {
  return Object.entries(PARTS).map(([part, text]) => [
    part,
    text,
    [...REQUIREMENTS.values()]
      .filter((each) => {
        const standing = standingOf(each);
        return standing.kind === 'waits' && standing.part === part;
      })
      .map(({ id }) => id)
      .join(' '),
  ]);
}

function rowOf(item: Requirement): string[] {
  const source = item.source === '' ? '' : ` (${item.source})`;
  const decision = decisionOf(item);
  return [
    item.id,
    item.level,
    `${plain(item.requirement)}${source}${decision === undefined ? '' : `<br>**Decided:** ${plain(decision)}`}`,
    told(standingOf(item)),
  ];
}

function told(standing: Standing): string {
  switch (standing.kind) {
    case 'tested': {
      const differs = standing.differsBy.map((name) => `\`${name}\``).join(', ');
      return [...byFile(standing.by), ...(differs === '' ? [] : [`default differs by ${differs}`])].join('<br>');
    }
    case 'waits':
      return `waits for: ${standing.part}`;
    case 'does not apply':
      return `does not apply: ${plain(standing.reason)}`;
    case 'open':
      return 'not written yet';
  }
}

const MOST_TITLES = 4;

/** `[gen.ts](…) › this · that`: the first titles of each file. */
function byFile(tests: readonly TestName[]): string[] {
  return [...Map.groupBy(tests, ({ file }) => file)].map(([file, own]) => {
    const titles = own.flatMap(({ title }) => (title === '' ? [] : [title]));
    const more = titles.length > MOST_TITLES ? ` · and ${titles.length - MOST_TITLES} more` : '';
    const link = `[${file.replace(/^tests\/(rfc\/cases\/)?/, '')}](../../${file})`;
    return titles.length === 0 ? link : `${link} › ${titles.slice(0, MOST_TITLES).map(plainTitle).join(' · ')}${more}`;
  });
}

/** What is not code must not be taken for a tag. */
function plain(text: string): string {
  return text
    .split('`')
    .map((piece, index) => (index % 2 === 1 ? piece : piece.replaceAll('<', '\\<')))
    .join('`');
}

/** Titles quote what was sent, which is no Markdown. */
function plainTitle(text: string): string {
  return text.replaceAll(/[\\`*_<[\]]/g, '\\$&');
}
