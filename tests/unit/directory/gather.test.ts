import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Facts, gather, NeedsToRunAlone } from '../../../src/directory/gather.ts';
import type { Transaction } from '../../../src/directory/index.ts';
import { GROUP, type JsonValue, readPatch, type ScimWrite, TOLERANT } from '../../../src/scim/index.ts';
import { DIRECTORY, edited, group, openTemporary, put, set, type Temporary, user } from '../store/fixture.ts';
import { actorIn, TOLERANT_DIRECTORY } from './facts.ts';

const PATCH_OP = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';
const directory = { ...TOLERANT_DIRECTORY, id: DIRECTORY };
const people = Array.from({ length: 1_001 }, (_, index) => user(`u${index}`));
const ids = people.map(({ id }) => id);
const [small, large] = [group('Small'), group('Large')];

let temporary: Temporary;
beforeEach(async () => {
  temporary = await openTemporary();
  await put(temporary.store, DIRECTORY, ...people, small, large);
  await temporary.store.write(DIRECTORY, (transaction) =>
    transaction.commit(
      set(edited(small.record, { added: ids.slice(0, 100) }), edited(large.record, { added: ids.slice(0, 1_001) })),
    ),
  );
});
afterEach(() => temporary.end());

const filtered = (filter: string) => ({ op: 'remove', path: `members[${filter}]` });
const add = (members: readonly string[]) => ({
  op: 'add',
  path: 'members',
  value: members.map((value) => ({ value })),
});

/** What is gathered for a PATCH, and which of the costly steps were taken for it. */
async function gathered(
  id: string,
  operations: readonly JsonValue[],
  { alone }: { alone: boolean },
): Promise<{ facts: Facts | Error; steps: readonly string[] }> {
  const body = { schemas: [PATCH_OP], Operations: [...operations] };
  const request: ScimWrite = { kind: 'patch', type: GROUP, id, operations: readPatch(GROUP, body, TOLERANT) };
  const steps: string[] = [];
  const facts = await temporary.store
    .write(
      DIRECTORY,
      (transaction: Transaction) => {
        const costly = (['membersMatching', 'memberDifference'] as const).map((step) => vi.spyOn(transaction, step));
        return gather(transaction, actorIn(directory), { request, alone }).finally(() => {
          for (const step of costly) if (step.mock.calls.length > 0) steps.push(step.getMockName());
        });
      },
      { alone },
    )
    .catch((error: Error) => error);
  return { facts, steps };
}

describe('a write that looks at many members says so before it has looked', () => {
  test.each<[string, () => [string, JsonValue[]]]>([
    ['a filter on more than a thousand members', () => [large.id, [filtered('display co "x"')]]],
    [
      'many terms on a hundred',
      () => [small.id, [filtered(Array.from({ length: 11 }, (_, index) => `display co "${index}x"`).join(' or '))]],
    ],
    [
      'many filters on a hundred',
      () => [small.id, Array.from({ length: 11 }, (_, index) => filtered(`display co "${index}x"`))],
    ],
    ['a filter on what the same request adds', () => [small.id, [add(ids.slice(0, 950)), filtered('display co "x"')]]],
    ['more than a thousand added', () => [small.id, [add(ids)]]],
    ['all replaced', () => [large.id, [{ op: 'replace', path: 'members', value: [] }]]],
  ])('%s', async (_, make) => {
    const [id, operations] = make();
    const shared = await gathered(id, operations, { alone: false });
    expect(shared.facts).toBeInstanceOf(NeedsToRunAlone);
    expect(shared.steps).toEqual([]);
    const alone = await gathered(id, operations, { alone: true });
    expect(alone.facts).toMatchObject({ misfit: undefined, members: { unknown: [] } });
  });

  test.each<[string, () => [string, JsonValue[]]]>([
    ['one member added to a large group', () => [large.id, [add([small.id])]]],
    ['a filter on a hundred members', () => [small.id, [filtered('display eq "u7"')]]],
    ['a thousand added to a large group', () => [large.id, [add(ids.slice(0, 1_000))]]],
  ])('not %s', async (_, make) => {
    expect((await gathered(...make(), { alone: false })).facts).toMatchObject({ misfit: undefined });
  });
});

test('T-DOS-03 filters that ask too much are a refusal of the request', async () => {
  const terms = Array.from({ length: 100 }, (_, index) => `display co "${index}x"`).join(' or ');
  const many = Array.from({ length: 51 }, (_, index) => filtered(`${terms} or display eq "${index}"`));
  const { facts } = await gathered(large.id, many, { alone: true });
  expect(facts).toMatchObject({ current: { id: large.id }, misfit: { reason: 'protocol', error: { status: 413 } } });
});

test('what filters remove: of the stored, and of what was added before them', async () => {
  const stranger = 'nobody';
  const operations = [
    add([ids[200] as string, ids[201] as string, small.id, stranger]),
    filtered('display eq "U200" or display eq "u7"'),
    add([ids[7] as string]),
    filtered('type eq "Group" or display eq "u8"'),
  ];
  const { facts } = await gathered(small.id, operations, { alone: true });
  expect(facts).toMatchObject({
    members: { added: [{ value: ids[201], type: 'User' }], removed: [ids[8]], unknown: [stranger] },
  });
});
