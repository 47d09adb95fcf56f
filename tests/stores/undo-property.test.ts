import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Resource } from '../../src/scim/index.ts';
import { DATABASES } from '../harness/index.ts';
import { openTemporary, type Temporary } from './temporary.ts';
import { type Place, placeIn } from './undoing.ts';

/** What a provider does at random: `who` is one of those that were ever there. */
type Step =
  | { readonly kind: 'create'; readonly attributes: Resource }
  | { readonly kind: 'replace'; readonly who: number; readonly attributes: Resource }
  | { readonly kind: 'remove'; readonly who: number }
  | { readonly kind: 'group'; readonly name: string; readonly members: readonly number[] }
  | { readonly kind: 'members'; readonly which: number; readonly name: string; readonly members: readonly number[] }
  | { readonly kind: 'dissolve'; readonly which: number };

const who = fc.nat({ max: 7 });
const attributes = fc.record(
  {
    userName: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
    externalId: fc.constantFrom('1', '2', '3'),
    title: fc.constantFrom('x', 'y'),
    active: fc.boolean(),
    emails: fc.array(fc.record({ value: fc.constantFrom('p@example.com', 'q@example.com') }), { maxLength: 2 }),
    roles: fc.array(fc.record({ value: fc.constantFrom('admin', 'member') }), { maxLength: 2 }),
  },
  { requiredKeys: ['userName'] },
) as fc.Arbitrary<Resource>;
const members = fc.uniqueArray(who, { maxLength: 4 });
const name = fc.constantFrom('Tour', 'Team', 'Board');
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('create' as const), attributes }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('replace' as const), who, attributes }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('remove' as const), who }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('group' as const), name, members }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('members' as const), which: who, name, members }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('dissolve' as const), which: who }) },
);

describe.each(DATABASES)('undo on %s', (database) => {
  let temporary: Temporary;
  beforeAll(async () => {
    temporary = await openTemporary(database);
  });
  afterAll(() => temporary.end());

  test('of all that was done at random leaves what was there before, and foretells it; undone, what was there after', async () => {
    let whole = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), fc.array(step, { maxLength: 12 }), async (first, second) => {
        const place = placeIn(temporary);
        const known = { users: [] as string[], groups: [] as string[] };
        for (const one of first) await play(place, known, one);
        const before = await place.state();
        const from = new Date(Date.parse(place.now()) + 1).toISOString();
        for (const one of second) await play(place, known, one);
        const after = await place.state();

        const { report, requestId } = await place.undoAsForetold({ from });
        expect(report.counts.conflicts).toBe(0);
        if (report.counts.refused > 0) {
          // Two who have swapped names stand in each other's way, and say so.
          expect(report.left.every(({ detail }) => / belongs to another /.test(detail))).toBe(true);
          return;
        }
        whole += 1;
        expect(await place.state()).toEqual(before);
        const back = await place.undoAsForetold({ requestId });
        if (back.report.counts.refused === 0) expect(await place.state()).toEqual(after);
      }),
      { numRuns: database === 'sqlite' ? 120 : 60 },
    );
    expect(whole).toBeGreaterThan(30);
  }, 120_000);
});

/** What the directory refuses has not happened. */
async function play(place: Place, { users, groups }: { users: string[]; groups: string[] }, step: Step): Promise<void> {
  const user = (who: number): string => users[who % Math.max(1, users.length)] ?? '';
  const group = (which: number): string => groups[which % Math.max(1, groups.length)] ?? '';
  const ids = (members: readonly number[]): string[] => [...new Set(members.map(user))].filter((id) => id !== '');
  switch (step.kind) {
    case 'create':
      return place.create('User', step.attributes).then(
        (id) => void users.push(id),
        () => undefined,
      );
    case 'replace':
      return void (await place.replace('User', user(step.who), step.attributes));
    case 'remove':
      return void (await place.remove('User', user(step.who)));
    case 'group':
      return place.create('Group', { displayName: step.name }, ids(step.members)).then(
        (id) => void groups.push(id),
        () => undefined,
      );
    case 'members': {
      const members = ids(step.members);
      return void (await place.replace('Group', group(step.which), { displayName: step.name }, members));
    }
    case 'dissolve':
      return void (await place.remove('Group', group(step.which)));
  }
}
