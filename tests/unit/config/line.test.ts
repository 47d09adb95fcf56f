import { expect, test } from 'vitest';
import { atLine } from '../../../src/config/line.ts';

const FILE = `import { defineConfig } from 'joinery';

/* applications: { app: { hosts: [] } } */
const shared = { keep: ['title', // seats: { limit: 1 }
  'name.givenName'], 'seats': { limit: 3 } };
const tall = \`policy: {
  seats: {
\`;

export default defineConfig({
  applications: {
    app: {
      hosts: ["a.example.com",
              'B.example.com'],
      policy: { ...shared, guard: tall ? { users: 1 } : false,
        roles: { byGroup: { "App: admins": 'admin',
                            'It\\'s': 'boss' } } },
      extensions: [
        { urn: 'urn:x', of: 'User' },
        { urn: 'urn:y',
          attributes: {} },
      ],
    },
    board: { policy: { guard: {
      users: 1 } }, features },
  },
});
`;

const at = (path: string): string => atLine(FILE, path.split('/'));

test.each([
  ['applications', ':11'],
  ['applications/app', ':12'],
  ['applications/app/hosts', ':13'],
  ['applications/app/hosts/0', ':13'],
  ['applications/app/hosts/1', ':14'],
  ['applications/app/policy', ':15'],
  ['applications/app/policy/guard', ':15'],
  ['applications/app/policy/roles/byGroup/App: admins', ':16'],
  ["applications/app/policy/roles/byGroup/It's", ':17'],
  ['applications/app/extensions/0/urn', ':19'],
  ['applications/app/extensions/1', ':20'],
  ['applications/app/extensions/1/attributes', ':21'],
  ['applications/board/policy/guard', ':24'],
  ['applications/board/policy/guard/users', ':25'],
  ['applications/board/features', ':25'],
])('%s stands at %s', (path, line) => {
  expect(at(path)).toBe(line);
});

test.each([
  ['a variable of its own shows the end of the path', 'applications/app/policy/seats/limit', ':5'],
  ['what is missing is told where it should be', 'applications/app/policy/seats', ':15'],
  ['and what nobody wrote is told nowhere', 'nothing/like/it', ''],
])('%s', (_, path, line) => {
  expect(at(path)).toBe(line);
});

test('what may be one of several is told where all of them are', () => {
  const twice =
    'const a = { seats: { limit: 1 } };\nconst b = { seats: { limit: 2 } };\nconst applications = { app: 1 };';
  expect(atLine(twice, ['applications', 'app', 'policy', 'seats', 'limit'])).toBe('');
});

test('a text that is no configuration is read to its end', () => {
  for (const text of ['', '}}}]])', '{{{[[[(((', "{ 'a", '{ a: `', '/* ', '{ a: /[{]/ }', '{ : , : }'.repeat(1_000)]) {
    expect(atLine(text, ['a', 'b'])).toMatch(/^(?::\d+)?$/);
  }
});
