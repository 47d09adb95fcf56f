import { describe, expect, test } from 'vitest';
import type { Outcome, Shown } from '../../../src/directory/index.ts';
import type { Call, Reply } from '../../../src/provisioning/call.ts';
import { Refused } from '../../../src/provisioning/refuse.ts';
import { write } from '../../../src/provisioning/write.ts';
import { readVersionCondition, resourceTypes, type ScimRequest, TOLERANT } from '../../../src/scim/index.ts';
import { BASE, CURSORS, callerWith, callTo } from './call.ts';

const [USER, GROUP] = resourceTypes(TOLERANT) as [
  ReturnType<typeof resourceTypes>[number],
  ReturnType<typeof resourceTypes>[number],
];

const shown: Shown = {
  record: {
    type: 'User',
    id: 'user-1',
    version: 3,
    created: '2026-01-01T00:00:00.000Z',
    modified: '2026-06-01T00:00:00.000Z',
    active: true,
    memberCount: 0,
    text: '{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"id":"user-1","userName":"bjensen"}',
  },
};
const location = `${BASE}/Users/user-1`;
const reading: ScimRequest = { kind: 'read', type: USER, id: 'user-1', view: {} };

describe('one resource', () => {
  test.each([
    ['created', 201],
    ['changed', 200],
    ['unchanged', 200],
    ['found', 200],
  ] as const)('%s → %i with its ETag and location, in headers and meta alike', (kind, status) => {
    const reply = told({ kind, shown }, reading);
    expect(reply).toMatchObject({
      status,
      headers: {
        'content-type': 'application/scim+json',
        etag: 'W/"3"',
        location,
        'content-location': location,
      },
      note: { outcome: kind, directory: 'directory-a', credential: 'credential-1' },
    });
    expect(JSON.parse(reply.body as string).meta).toMatchObject({ version: 'W/"3"', location, resourceType: 'User' });
  });

  test('removed → 204, nothing else', () => {
    expect(told({ kind: 'removed' }, { kind: 'remove', type: USER, id: 'user-1' })).toMatchObject({
      status: 204,
      headers: {},
    });
  });

  test('removed by an update: shown a last time to PUT, and to a PATCH that names attributes; else 204', () => {
    const put: ScimRequest = {
      kind: 'replace',
      type: USER,
      id: 'user-1',
      draft: { attributes: {}, cleared: [] },
      view: {},
    };
    const reply = told({ kind: 'removed', shown }, put);
    expect(reply).toMatchObject({ status: 200, headers: { etag: 'W/"3"' }, note: { outcome: 'removed' } });
    expect(JSON.parse(reply.body as string)).toMatchObject({ id: 'user-1', meta: { version: 'W/"3"' } });
    // It is nowhere any more.
    expect(reply.headers).not.toHaveProperty('location');
    const patch: ScimRequest = { kind: 'patch', type: USER, id: 'user-1', operations: [], view: {} };
    expect(told({ kind: 'removed', shown }, patch)).toMatchObject({ status: 204 });
    expect(told({ kind: 'removed', shown }, patch)).not.toHaveProperty('body');
    expect(told({ kind: 'removed', shown }, { ...patch, view: { attributes: [] } })).toMatchObject({ status: 200 });
  });

  test('what was sent and has no effect is noted', () => {
    expect(told({ kind: 'changed', shown, ignored: ['title'] }, reading).note).toMatchObject({ ignored: ['title'] });
    expect(told({ kind: 'changed', shown }, reading).note).not.toHaveProperty('ignored');
  });

  test('a PATCH whose caller asked for nothing back → 204 with the new ETag', () => {
    const request: ScimRequest = { kind: 'patch', type: GROUP, id: 'g1', operations: [] };
    const group: Shown = { record: { ...shown.record, type: 'Group', id: 'g1', version: 9 } };
    const reply = told({ kind: 'changed', shown: group }, request);
    expect(reply).toMatchObject({ status: 204, headers: { etag: 'W/"9"', location: `${BASE}/Groups/g1` } });
    expect(reply).not.toHaveProperty('body');
  });

  test('a refusal goes on as one', () => {
    const refusal = { reason: 'not-found', type: 'User', id: 'x' } as const;
    expect(() => told({ kind: 'refused', refusal }, reading)).toThrow(Refused);
  });
});

describe('If-None-Match', () => {
  test.each(['W/"3"', '"3"', '*', 'W/"1", W/"3"'])(
    '%s: 304 without a body, and what was held is let go',
    (ifNoneMatch) => {
      let released = 0;
      const held: Shown = {
        ...shown,
        release: () => {
          released += 1;
        },
      };
      const reply = told(
        { kind: 'found', shown: held },
        { ...reading, ifNoneMatch: readVersionCondition(ifNoneMatch) },
      );
      expect(reply).toMatchObject({ status: 304, headers: { etag: 'W/"3"' } });
      expect(reply).not.toHaveProperty('body');
      expect(released).toBe(1);
    },
  );

  test.each(['W/"2"', '"33"'])('%j: the whole representation', (ifNoneMatch) => {
    const request = { ...reading, ifNoneMatch: readVersionCondition(ifNoneMatch) };
    expect(told({ kind: 'found', shown }, request).status).toBe(200);
  });

  test('is about reads alone', () => {
    const request: ScimRequest = {
      kind: 'replace',
      type: USER,
      id: 'user-1',
      draft: { attributes: {}, cleared: [] },
      view: {},
    };
    expect(told({ kind: 'unchanged', shown }, { ...request, ifNoneMatch: ['3'] }).status).toBe(200);
  });
});

describe('If-Match on a read', () => {
  test('of another version: 412, and what was held is let go', () => {
    let released = 0;
    const held: Shown = {
      ...shown,
      release: () => {
        released += 1;
      },
    };
    expect(() => told({ kind: 'found', shown: held }, { ...reading, ifMatch: ['2'], ifNoneMatch: ['3'] })).toThrow(
      Refused,
    );
    expect(released).toBe(1);
    expect(told({ kind: 'found', shown }, { ...reading, ifMatch: '*' }).status).toBe(200);
  });
});

describe('a list', () => {
  const query: ScimRequest = {
    kind: 'query',
    selections: [{ type: USER, view: {} }],
    query: { startIndex: 3, count: 2 },
  };

  test('is one text: the total, where it starts, how many', () => {
    const other: Shown = {
      record: { ...shown.record, id: 'user-2', text: shown.record.text.replace('user-1', 'user-2') },
    };
    const reply = told({ kind: 'listed', total: 17, startIndex: 3, count: 2, shown: [shown, other] }, query);
    expect(JSON.parse(reply.body as string)).toMatchObject({
      schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
      totalResults: 17,
      startIndex: 3,
      itemsPerPage: 2,
      Resources: [{ id: 'user-1' }, { id: 'user-2' }],
    });
  });

  test('that is walked by cursors has where to go on in place of where it starts (RFC 9865 §2)', () => {
    const walk = { directory: 'directory-a', query: ['User'] };
    const walked: ScimRequest = { ...query, query: { startIndex: 1, count: 1, after: [] }, walk };
    const page = { kind: 'listed', startIndex: 1, count: 1, shown: [shown] } as const;
    const first = JSON.parse(told({ ...page, total: 2, next: [7] }, walked).body as string);
    expect(first).toMatchObject({ totalResults: 2, itemsPerPage: 1, Resources: [{ id: 'user-1' }] });
    expect(first).not.toHaveProperty('startIndex');
    expect(CURSORS.open(first.nextCursor, walk)).toEqual([7]);
    const last = JSON.parse(told(page, walked).body as string);
    expect(Object.keys(last)).toEqual(['schemas', 'itemsPerPage', 'Resources']);
  });

  test('of nobody still has Resources, which Okta reads without asking', () => {
    const reply = told({ kind: 'listed', total: 0, startIndex: 1, count: 0, shown: [] }, query);
    expect(JSON.parse(reply.body as string)).toMatchObject({ totalResults: 0, itemsPerPage: 0, Resources: [] });
  });

  test('that is too much to hold comes in pieces that are one JSON text, and lets go when it is written or given up', async () => {
    const groups: ScimRequest = { ...query, selections: [{ type: GROUP, view: {} }] };
    async function* members() {
      yield [{ value: 'user-1', type: 'User', display: 'a' }];
      yield [{ value: 'user-2', type: 'User', display: 'b'.repeat(100_000) }];
    }
    const held = [{ value: 'user-3', type: 'User', display: 'c' }];
    const group = (id: string, members: NonNullable<Shown['members']>): Shown => ({
      record: { ...shown.record, type: 'Group', id, text: `{"schemas":[],"id":"${id}","displayName":"x"}` },
      members,
    });
    for (const whole of [true, false]) {
      let released = 0;
      const release = () => {
        released += 1;
      };
      const all = [group('g1', members()), group('g2', held), group('g3', members())];
      const outcome: Outcome = { kind: 'listed', total: 3, startIndex: 1, count: 3, shown: oneByOne(all), release };
      let text = '';
      let chunks = 0;
      for await (const chunk of told(outcome, groups).body as AsyncIterable<string>) {
        text += chunk;
        chunks += 1;
        if (!whole) break;
      }
      expect(released).toBe(1);
      if (!whole) continue;
      // Short texts wait for each other.
      expect(chunks).toBe(3);
      expect(JSON.parse(text)).toMatchObject({
        totalResults: 3,
        itemsPerPage: 3,
        Resources: [
          { id: 'g1', members: [{ value: 'user-1' }, { value: 'user-2' }] },
          { id: 'g2', members: [{ value: 'user-3' }] },
          { id: 'g3', members: [{ value: 'user-1' }, { value: 'user-2' }] },
        ],
      });
    }
  });

  test('that breaks while it is read does not end as if it were whole, and lets go', async () => {
    let released = 0;
    const release = () => {
      released += 1;
    };
    async function* breaking() {
      yield shown;
      throw new Error('the snapshot is over');
    }
    const outcome: Outcome = { kind: 'listed', total: 2, startIndex: 1, count: 2, shown: breaking(), release };
    await expect(joined(told(outcome, query).body)).rejects.toThrow('the snapshot is over');
    expect(released).toBe(1);
  });

  test('one by one of nobody is a list all the same', async () => {
    const outcome: Outcome = { kind: 'listed', total: 0, startIndex: 1, count: 0, shown: oneByOne([]) };
    expect(JSON.parse(await joined(told(outcome, query).body))).toMatchObject({ itemsPerPage: 0, Resources: [] });
  });
});

async function* oneByOne(all: readonly Shown[]): AsyncGenerator<Shown> {
  yield* all;
}

async function joined(body: Reply['body']): Promise<string> {
  let text = '';
  for await (const chunk of body as AsyncIterable<string>) text += chunk;
  return text;
}

function told(outcome: Outcome, request: ScimRequest, headers: Call['headers'] = {}) {
  return write(outcome, {
    request,
    call: callTo('GET', '/Users/user-1', { headers }),
    caller: callerWith(),
    cursors: CURSORS,
    used: new Set(),
  });
}
