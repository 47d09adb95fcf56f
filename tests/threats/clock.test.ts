import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createCredential, createIdentify, createOrganization, revokeCredential } from '../../src/access/index.ts';
import { type Actor, createPerform, type Outcome, type Perform } from '../../src/directory/index.ts';
import { createCursors } from '../../src/provisioning/index.ts';
import { type Draft, GROUP, type JsonValue, type ResourceType, ScimError, USER } from '../../src/scim/index.ts';
import { DATABASES } from '../harness/index.ts';
import { openTemporary, type Temporary } from '../stores/temporary.ts';
import { TOLERANT_DIRECTORY } from '../unit/directory/facts.ts';
import { DIRECTORY, newId } from '../unit/store/fixture.ts';

const MINUTE = 60_000;
const START = Date.parse('2026-11-22T12:00:00.000Z');

describe.each(DATABASES)('T-OPS-02 the clock jumps, on %s', (database) => {
  let temporary: Temporary;
  let now: number;
  let perform: Perform;
  const actor: Actor = {
    directory: { ...TOLERANT_DIRECTORY, id: DIRECTORY },
    by: { kind: 'credential', id: 'c1', name: 'Okta production' },
    requestId: 'r1',
  };
  const draft = (attributes: Record<string, JsonValue>) => ({ attributes, cleared: [] });

  beforeEach(async () => {
    temporary = await openTemporary(database);
    now = START;
    perform = createPerform({ store: temporary.store, clock: () => new Date(now), newId });
  });
  afterEach(() => temporary.end());

  async function modified(id: string, type: ResourceType, replaced: Draft): Promise<string> {
    return shownOf(await perform(actor, { kind: 'replace', type, id, draft: replaced, view: {} })).modified;
  }

  test('a resource is never older than it was: neither a user nor a group whose members move', async () => {
    const user = shownOf(
      await perform(actor, { kind: 'create', type: USER, draft: draft({ userName: 'a' }), view: {} }),
    );
    const group = shownOf(
      await perform(actor, { kind: 'create', type: GROUP, draft: draft({ displayName: 'Tour' }), view: {} }),
    );
    const dates = [user.modified];
    const groupDates = [group.modified];
    // Ten minutes ahead, twenty back, at the end of a leap second's minute, and where it should be again.
    const jumps = [10 * MINUTE, -20 * MINUTE, Date.parse('2026-12-31T23:59:59.999Z') - START, 0, 1];
    for (const [index, jump] of jumps.entries()) {
      now = START + jump;
      dates.push(await modified(user.id, USER, draft({ userName: 'a', title: `title ${index}` })));
      const members = index % 2 === 0 ? [{ value: user.id, type: 'User' }] : [];
      groupDates.push(await modified(group.id, GROUP, { ...draft({ displayName: 'Tour' }), members }));
    }
    expect(dates).toEqual([...dates].sort());
    expect(groupDates).toEqual([...groupDates].sort());
    // History is in the order of what happened, and says of each subject no earlier moment than before.
    const history = await temporary.store.changesAfter(DIRECTORY, 0, 100);
    expect(history.map(({ seq }) => seq)).toEqual(history.map((_, index) => index + 1));
    const told = history.filter(({ subject }) => subject === user.id).map(({ at }) => at);
    expect(told).toEqual([...told].sort());
    expect(told).toHaveLength(1 + jumps.length);
  });

  test('a token ends by the clock of now, and one that was revoked stays out however the clock goes', async () => {
    const { store } = temporary;
    await createOrganization({ name: 'Acme', slug: 'acme' }, { store, applications: ['app'] });
    const mint = async (expires: string | undefined): Promise<{ token: string; id: string }> => {
      const wanted = { organization: 'acme', application: 'app', name: 'Okta', scope: 'provision', expires } as const;
      const made = await createCredential(wanted, { store, applications: new Map([['app', {}]]) });
      if (made.kind === 'refused') throw new Error(made.detail);
      return { token: made.token, id: made.credential.id };
    };
    const inFiveMinutes = Date.now() + 5 * MINUTE;
    const [ending, revoked] = [await mint(new Date(inFiveMinutes).toISOString()), await mint(undefined)];
    let uptime = 0;
    const onTouchFailed = (cause: unknown): never => {
      throw cause;
    };
    const { identify, settled } = createIdentify({ store, now: () => now, uptime: () => uptime, onTouchFailed });
    const at = async (moment: number, token: string): Promise<string> => {
      now = moment;
      uptime += 1;
      return (await identify(token)).kind;
    };
    expect(await at(inFiveMinutes - 1, ending.token)).toBe('identified');
    expect(await at(inFiveMinutes, ending.token)).toBe('expired');
    expect(await at(inFiveMinutes + 10 * MINUTE, ending.token)).toBe('expired');
    expect(await at(inFiveMinutes - 10 * MINUTE, ending.token)).toBe('identified');
    expect(await at(inFiveMinutes, revoked.token)).toBe('identified');
    await revokeCredential(revoked.id, store);
    for (const moment of [inFiveMinutes, inFiveMinutes - 60 * MINUTE, inFiveMinutes + 60 * MINUTE]) {
      expect(await at(moment, revoked.token)).toBe('revoked');
    }
    await settled();
  });
});

test('T-OPS-02 a cursor is good for its hour, ten minutes more or less where the clock moved by as much', () => {
  let now = START;
  const cursors = createCursors(randomBytes(32), () => now);
  const walk = { directory: DIRECTORY, query: ['Users'] };
  const cursor = cursors.seal([0, 7], walk);
  for (const jump of [0, -10 * MINUTE, 10 * MINUTE, 60 * MINUTE]) {
    now = START + jump;
    expect(cursors.open(cursor, walk), `${jump}`).toEqual([0, 7]);
  }
  now = START + 60 * MINUTE + 1_000;
  expect(() => cursors.open(cursor, walk)).toThrow(ScimError);
});

function shownOf(outcome: Outcome): { id: string; modified: string } {
  if (!('shown' in outcome) || outcome.kind === 'listed') throw new Error(`nothing is shown: ${outcome.kind}`);
  return outcome.shown.record;
}
